import { MAX_PROMPT_LENGTH } from '#protocol/messages'
import { composerText } from './text-composer.ts'

/** Why the prompt cannot be sent, as a sentence; null where it can. */
export function problemOf(prompt: string): string | null {
  return prompt.length > MAX_PROMPT_LENGTH ? composerText.tooLong(prompt.length, MAX_PROMPT_LENGTH) : null
}
