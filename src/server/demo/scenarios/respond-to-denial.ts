import { type Block, say } from '../reply.ts'
import type { ToolCall, Turn } from '../turn.ts'

/** A call of the last round that was turned down, or null. */
export function deniedCall(turn: Turn): ToolCall | null {
  return turn.rounds.at(-1)?.find(({ result }) => result?.outcome === 'denied') ?? null
}

/** Takes a no for an answer, quotes its reason, and ends the turn. */
export function respondToDenial({ name, input, result }: ToolCall): Block[] {
  const reason = (result?.text ?? '').trim().replaceAll(/^/gm, '> ')
  return [
    say(
      `Understood, I leave that. ${subject(name, input)} was not allowed:\n\n${reason}\n\nTell me what you would like instead, or ask again if it was a mistake.`,
    ),
  ]
}

function subject(name: string, input: Record<string, unknown>): string {
  const detail = input.command ?? input.file_path
  return typeof detail === 'string' ? `\`${name}\` with \`${detail}\`` : `\`${name}\``
}
