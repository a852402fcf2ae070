import * as z from 'zod/mini'
import { type ModelRequest, textOf } from './model-request.ts'
import { type Block, say } from './reply.ts'

const JsonFormat = z.looseObject({ schema: z.looseObject({ properties: z.record(z.string(), z.unknown()) }) })
const MAX_TITLE_LENGTH = 50

/**
 * Answers what the agent asks for its own sake: a title for the session, a summary to compact it, a check that the
 * model answers at all. Null for a request that goes on with the conversation.
 */
export function answerSideRequest(request: ModelRequest): Block[] | null {
  const last = textOf(request.messages.findLast((message) => message.role === 'user')?.content)
  if (/detailed summary of (the|our|this) conversation/i.test(last)) {
    return [
      say(
        '<summary>\nThe person tried out the demo in the sample project. The conversation so far is done; nothing is left to do.\n</summary>',
      ),
    ]
  }
  if ((request.tools ?? []).length > 0) return null
  const format = JsonFormat.safeParse(request.output_config?.format)
  if (format.success) {
    const fields = Object.keys(format.data.schema.properties).map((name) => [name, titleFor(last)])
    return [say(JSON.stringify(Object.fromEntries(fields)))]
  }
  return [say(/\btitle\b/i.test(textOf(request.system) + last) ? titleFor(last) : 'Ready.')]
}

/** The prompt's first line, without the wrapping that the agent puts around it, short enough for a list. */
function titleFor(text: string): string {
  const line = text
    .replaceAll(/<[^>]+>/g, ' ')
    .split('\n')
    .map((part) => part.trim())
    .find((part) => part !== '')
  const title = (line ?? 'Demo').slice(0, MAX_TITLE_LENGTH).trim()
  return title.charAt(0).toUpperCase() + title.slice(1)
}
