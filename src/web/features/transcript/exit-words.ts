import { sessionEndText } from './text-transcript.ts'

/** How an agent's process ended, and what to do, in a sentence. */
export function exitWords({ code, signal }: { code: number | null; signal: string | null }): string {
  if (code !== null) return sessionEndText.exitedWithCode(code)
  return signal === null ? sessionEndText.exited : sessionEndText.exitedBySignal(signal)
}
