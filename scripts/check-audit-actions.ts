import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AUDIT_ACTION_NAMES } from '#protocol/audit-actions'
import { ROOT } from './run-command.ts'

/** Actions whose name is put together where they are recorded, by what stands there. */
const COMPOSED: readonly [text: string, actions: readonly string[]][] = [
  ['action: `approval.${resolution.outcome}`', ['approval.allowed', 'approval.denied', 'approval.timed-out', 'approval.cancelled']],
]

/**
 * The listed actions that no code of the server records. That nothing else is recorded, the type of `recordAudit` says.
 * @param sources texts of the server
 */
export function unrecordedActions(sources: readonly string[]): string[] {
  const composed = COMPOSED.filter(([text]) => sources.some((source) => source.includes(text))).flatMap(([, actions]) => actions)
  return AUDIT_ACTION_NAMES.filter((action) => !composed.includes(action) && !sources.some((source) => source.includes(`'${action}'`)))
}

function main(): void {
  const files = globSync('src/server/**/*.ts', { cwd: ROOT }).filter((file) => !file.endsWith('.test.ts'))
  const unrecorded = unrecordedActions(files.map((file) => readFileSync(join(ROOT, file), 'utf8')))
  for (const action of unrecorded) console.error(`${action} is in audit-actions.ts and nothing records it.`)
  if (unrecorded.length > 0) process.exitCode = 1
  else console.log(`${String(AUDIT_ACTION_NAMES.length)} audited actions, each is recorded somewhere.`)
}

if (import.meta.main) main()
