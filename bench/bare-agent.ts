import { randomUUID } from 'node:crypto'
import { type Options, query, type SDKMessage, type SDKUserMessage } from '@anthropic-ai/claude-agent-sdk'
import type { SeenTurn } from './chat-client.ts'
import { now } from './child.ts'
import { plainEnvironment, type Workbench } from './workbench.ts'

/** Moments at which the SDK asked for a permission and got its answer. */
export interface AskedAt {
  askedAt: number
  answeredAt: number
}

/** The SDK with nothing around it, its process held open between turns as the product does. */
export class BareAgent {
  readonly asked: AskedAt[] = []
  readonly #messages: AsyncIterator<SDKMessage>
  readonly #queue: SDKUserMessage[] = []
  #wake: () => void = () => {}
  #isClosed = false

  constructor(workbench: Workbench, cliPath?: string) {
    const options: Options = {
      cwd: workbench.project,
      env: { ...plainEnvironment(), ...workbench.agentEnvironment },
      includePartialMessages: true,
      systemPrompt: { type: 'preset', preset: 'claude_code' },
      // As the product asks for it, so that the agent does the same work.
      settings: { useAutoModeDuringPlan: false },
      settingSources: [],
      strictMcpConfig: true,
      forwardSubagentText: true,
      permissionMode: 'default',
      thinking: { type: 'adaptive', display: 'summarized' },
      canUseTool: (_, input) => {
        const askedAt = now()
        this.asked.push({ askedAt, answeredAt: now() })
        return Promise.resolve({ behavior: 'allow', updatedInput: input })
      },
      ...(cliPath === undefined ? {} : { pathToClaudeCodeExecutable: cliPath }),
    }
    this.#messages = query({ prompt: this.#input(), options })[Symbol.asyncIterator]()
  }

  /** Sends a prompt and waits until the agent is idle again. */
  async prompt(text: string): Promise<SeenTurn> {
    const turn: SeenTurn = { sentAt: now(), firstTextAt: 0, lastTextAt: 0, textFrames: 0, characters: 0 }
    this.#queue.push({ type: 'user', message: { role: 'user', content: text }, parent_tool_use_id: null, uuid: randomUUID() })
    this.#wake()
    for (;;) {
      const next = await this.#messages.next()
      if (next.done === true) throw new Error('The bare agent ended before it answered.')
      const { value } = next
      note(turn, value)
      if (value.type === 'system' && value.subtype === 'session_state_changed' && value.state === 'idle') return turn
    }
  }

  /** Ends the process and waits until it is gone. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#wake()
    while ((await this.#messages.next()).done !== true);
  }

  async *#input(): AsyncGenerator<SDKUserMessage> {
    while (!this.#isClosed) {
      yield* this.#queue.splice(0)
      const woken = Promise.withResolvers<undefined>()
      this.#wake = () => woken.resolve(undefined)
      if (this.#queue.length === 0) await woken.promise
    }
  }
}

function note(turn: SeenTurn, message: SDKMessage): void {
  if (message.type !== 'stream_event' || message.event.type !== 'content_block_delta' || message.event.delta.type !== 'text_delta') return
  const at = now()
  turn.firstTextAt ||= at
  turn.lastTextAt = at
  turn.textFrames += 1
  turn.characters += message.event.delta.text.length
}
