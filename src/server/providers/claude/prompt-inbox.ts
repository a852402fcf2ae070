import type { randomUUID } from 'node:crypto'
import type { SDKUserMessage } from '@anthropic-ai/claude-agent-sdk'
import type { EventOf } from '#protocol/session-events'
import type { PromptInput } from '../provider.ts'

/** The agent's input: prompts in order, held open for as long as the session lives. */
export class PromptInbox implements AsyncIterable<SDKUserMessage> {
  readonly #waiting: SDKUserMessage[] = []
  #wake: () => void = () => {}
  #isClosed = false

  push(message: SDKUserMessage): void {
    this.#waiting.push(message)
    this.#wake()
  }

  close(): void {
    this.#isClosed = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SDKUserMessage, void> {
    while (!this.#isClosed) {
      const next = this.#waiting.shift()
      if (next) yield next
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}

/** A prompt as the agent takes it. It carries our own id, under which the agent tells what becomes of it. */
export function nativePrompt(prompt: PromptInput): SDKUserMessage {
  const images = prompt.attachments.map((image) => ({
    type: 'image' as const,
    source: { type: 'base64' as const, media_type: image.mediaType, data: image.data },
  }))
  const content = images.length === 0 ? prompt.text : [{ type: 'text' as const, text: prompt.text }, ...images]
  return { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null, session_id: '', uuid: uuidOf(prompt.messageId) }
}

/** A prompt as the log keeps it: the pictures themselves stay out. */
export function promptContent(prompt: PromptInput): EventOf<'user.message'>['content'] {
  return [
    { type: 'text', text: prompt.text },
    ...prompt.attachments.map((image) => ({ type: 'image' as const, mediaType: image.mediaType, name: image.name })),
  ]
}

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i

function uuidOf(messageId: string): ReturnType<typeof randomUUID> {
  const parts = UUID.exec(messageId)
  if (!parts) throw new TypeError(`A prompt's id must be a UUID, not ${messageId}`)
  const [, a = '', b = '', c = '', d = '', e = ''] = parts
  return `${a}-${b}-${c}-${d}-${e}`
}
