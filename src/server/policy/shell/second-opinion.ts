import { type Command, type CommandNode, type PipelineNode, type Redirection, type Statement, parse } from 'unbash'
import type { SimpleCommand } from './simple-command.ts'

/**
 * Whether a maintained bash parser reads the same simple commands, word for word. Never the only judge: it may only take
 * back what our own reader allowed.
 */
export function agreesWithParser(text: string, commands: readonly SimpleCommand[]): boolean {
  const script = parsed(text)
  if (script === null) return false
  if (script.errors !== undefined && script.errors.length > 0) return false
  const read = script.commands.map(commandsOf)
  if (read.some((list) => list === null)) return false
  const words = read.flatMap((list) => list ?? []).map(wordsOf)
  return JSON.stringify(words) === JSON.stringify(commands.map((command) => command.words))
}

/** Null where the parser fails on the text. */
function parsed(text: string): ReturnType<typeof parse> | null {
  try {
    return parse(text)
  } catch {
    return null
  }
}

/** The simple commands of a statement; null where it has anything else. */
function commandsOf({ command, background }: Statement): Command[] | null {
  if (background === true) return null
  const parts: readonly PipelineNode[] = command.type === 'AndOr' ? command.commands : [command]
  const nodes = parts.map(stagesOf)
  const flat = nodes.every((stages) => stages !== null) ? nodes.flat() : []
  const simple = flat.filter(isPlain)
  return simple.length === flat.length && flat.length > 0 ? simple : null
}

function isPlain(node: CommandNode): node is Command {
  return node.type === 'Command' && node.prefix.length === 0 && node.redirects.every(isHarmless)
}

/** Output thrown away, or one output joined with the other. */
function isHarmless(redirection: Redirection): boolean {
  if (redirection.type !== 'Redirect') return false
  const to = redirection.target?.value ?? ''
  return redirection.operator === '>&' ? /^[12]$/.test(to) : ['>', '>>', '&>', '&>>'].includes(redirection.operator) && to === '/dev/null'
}

/** The stages of a plain pipeline; null where it is timed, negated or pipes more than the output. */
function stagesOf(part: PipelineNode): readonly CommandNode[] | null {
  if (part.type !== 'Pipeline') return [part]
  return part.prefixes.length === 0 && part.operators.every((operator) => operator === '|') ? part.commands : null
}

/** Null where a word is not literal. */
function wordsOf({ name, args }: Command): string[] | null {
  if (name === undefined) return null
  const words = [name, ...args].map((word) => (word.type === 'Word' && isLiteral(word.parts) ? word.value : null))
  return words.every((word) => word !== null) ? words : null
}

const LITERAL_PARTS = new Set(['Literal', 'SingleQuoted', 'DoubleQuoted'])

function isLiteral(parts: readonly { type: string; parts?: readonly { type: string }[] | undefined }[] | undefined): boolean {
  return (parts ?? []).every((part) => LITERAL_PARTS.has(part.type) && isLiteral(part.parts))
}
