import { type Block, bash, say, think } from '../reply.ts'
import type { Scenario } from '../scenario.ts'
import { resultOf, type ToolResult } from '../turn.ts'

export const runCommand: Scenario = {
  example: 'Run `npm start`',
  matches: (prompt) => commandIn(prompt) !== null,
  play: (turn) => {
    const command = commandIn(turn.prompt) ?? ''
    if (turn.rounds.length > 0) return [say(report(command, resultOf(turn, 'Bash')))]
    return [think(`They gave me the command word for word: ${command}. I run it as it is.`), ...start(command)]
  },
}

function start(command: string): Block[] {
  return [say(`I'll run \`${command}\`.`), bash(command, 'Run the command from the prompt')]
}

/** The command that a prompt asks to run: in backquotes, or everything after “run”. Null where it asks for none. */
export function commandIn(prompt: string): string | null {
  const asked = /^\W*(?:please\s+|now\s+|(?:can|could|would) you\s+)*(?:re-?)?(?:run|execute)\s+(?:the command\s+)?([\s\S]+)$/i.exec(
    prompt,
  )?.[1]
  if (asked === undefined) return null
  const quoted = /`([^`]+)`/.exec(asked)?.[1]
  if (quoted !== undefined) return quoted.trim()
  if (/^(?:all |the |my )*tests?\b/i.test(asked)) return 'node --test'
  return asked.split('\n')[0]?.replace(/[.!?\s]+$/, '') || null
}

const SHOWN_LINES = 12

function report(command: string, result: ToolResult | null): string {
  const lines = (result?.text ?? '').split('\n').filter((line) => line.trim() !== '')
  const shown = lines.slice(-SHOWN_LINES).join('\n')
  const start = result?.outcome === 'ok' ? `\`${command}\` ended well.` : `\`${command}\` **failed**.`
  if (shown === '') return `${start} It printed nothing.`
  const what = lines.length > SHOWN_LINES ? `The last ${SHOWN_LINES} of its ${lines.length} lines:` : 'It printed:'
  return `${start} ${what}\n\n\`\`\`\`text\n${shown}\n\`\`\`\``
}
