import type { Policy } from '#protocol/policy'
import { ReplacePolicy } from '#protocol/policy'
import { faultWords } from './fault-words.ts'
import { linesOf } from './json-lines.ts'
import type { PolicyDraft } from './policy-draft.ts'
import { documentText } from './text-policy.ts'

/** Something that is wrong with the text. */
export interface TextFault {
  /** From 1; null where nobody can tell. */
  line: number | null
  message: string
}

export type ReadDocument = { document: ReplacePolicy; faults: [] } | { document: null; faults: TextFault[] }

/** A draft as people read it: each rule with all it has. */
export function textOf({ base, preset, rules }: PolicyDraft): string {
  return `${JSON.stringify({ version: base.version, preset, rules: rules.map(({ rule }) => rule) }, null, 2)}\n`
}

/** Reads the text back, and says of each fault where it is. */
export function readDocument(text: string, { rules: saved }: Policy): ReadDocument {
  const { lines, mistake } = linesOf(text)
  const parsed = parse(text)
  if (!parsed.ok) return { document: null, faults: [{ line: mistake, message: documentText.notJson }] }
  const read = ReplacePolicy.safeParse(parsed.value)
  const faults = read.success
    ? faultsOfIds(read.data, saved, lines)
    : read.error.issues.map((issue) => faultAt({ path: issue.path, message: faultWords(issue) }, lines))
  return read.success && faults.length === 0 ? { document: read.data, faults: [] } : { document: null, faults }
}

function parse(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}

function faultAt({ path, message }: { path: PropertyKey[]; message: string }, lines: ReadonlyMap<string, number>): TextFault {
  const names = path.map(String)
  const place =
    names[0] === 'rules' && names[1] !== undefined ? documentText.rule(Number(names[1]) + 1, names.slice(2).join('.')) : names.join('.')
  return { line: lineOf(names, lines), message: place === '' ? message : `${place}: ${message}` }
}

/** The line of the nearest part that is there. */
function lineOf(names: readonly string[], lines: ReadonlyMap<string, number>): number | null {
  for (let length = names.length; length >= 0; length--) {
    const line = lines.get(names.slice(0, length).join('.'))
    if (line !== undefined) return line
  }
  return null
}

function faultsOfIds({ rules }: ReplacePolicy, saved: Policy['rules'], lines: ReadonlyMap<string, number>): TextFault[] {
  const known = new Set<string>(saved.map(({ id }) => id))
  const seen = new Set<string>()
  return rules.flatMap(({ id }, index) => {
    if (id === undefined) return []
    const message = seen.has(id) ? documentText.sameId : known.has(id) ? null : documentText.unknownId
    seen.add(id)
    return message === null ? [] : [faultAt({ path: ['rules', index, 'id'], message }, lines)]
  })
}
