import { readFileSync } from 'node:fs'

/** A command line and what the policy is to say of it. */
export interface CommandCase {
  decision: string
  /** Rules as `decision shape`. */
  rules: { decision: 'allow' | 'ask' | 'deny'; shape: string }[]
  trusted: boolean
  command: string
  why: string
}

/** The cases of command-cases.txt, whose head says how they are written. */
export function readCommandCases(): CommandCase[] {
  const text = readFileSync(new URL('command-cases.txt', import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter((line) => /^(?:allow|ask|deny) :: /.test(line))
    .map((line) => {
      const [decision = '', rules = '', command = '', why = ''] = line.split(' :: ').map(unfold)
      const words = rules.split(' + ')
      return {
        decision,
        rules: words.filter((rule) => !['-', 'untrusted'].includes(rule)).map(readRule),
        trusted: !words.includes('untrusted'),
        command,
        why,
      }
    })
}

function readRule(text: string): CommandCase['rules'][number] {
  if (text.startsWith('deny ')) return { decision: 'deny', shape: text.slice(5) }
  return text.startsWith('ask ') ? { decision: 'ask', shape: text.slice(4) } : { decision: 'allow', shape: text }
}

/** `<U+202E>` and `<300 x>`. */
function unfold(text: string): string {
  return text
    .replace(/<U\+([0-9A-F]{4,5})>/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/<(\d+) ([^<>]+)>/g, (_, count: string, unit: string) => unit.repeat(Number(count)))
}
