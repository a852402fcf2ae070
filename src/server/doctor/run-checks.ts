import type { Posture, PostureItem } from '#protocol/posture'
import { type Check, type Finding, unseen } from './check.ts'
import type { Installation } from './installation.ts'
import { GUIDE_LINES, ISSUE_LINES } from './references.ts'
import { scoreOf } from './score.ts'

const LIMIT_MS = 5000

/** Looks at everything, at the same time. Never throws: what cannot be looked at is a finding. */
export async function runChecks(checks: readonly Check[], installation: Installation): Promise<Posture> {
  return postureOf(await lookAt(checks, installation), installation)
}

export function lookAt(checks: readonly Check[], installation: Installation): Promise<PostureItem[]> {
  return Promise.all(checks.map((check) => runCheck(check, installation)))
}

export function postureOf(items: PostureItem[], { now, version, place }: Installation): Posture {
  return { at: now.toISOString(), version, command: place.product('doctor'), ...scoreOf(items), items }
}

async function runCheck(check: Check, installation: Installation): Promise<PostureItem> {
  const finding = await findingOf(check, installation)
  const { id, area, title, severity, why, references } = check
  return {
    id,
    area,
    title,
    severity,
    status: statusOf(check, finding),
    evidence: finding.evidence,
    why,
    fix: finding.status === 'warn' || finding.status === 'fail' ? (finding.fix ?? check.fix(installation)) : null,
    references: {
      guide: (references.guide ?? []).map((line) => GUIDE_LINES[line]),
      issue: (references.issue ?? []).map((line) => ISSUE_LINES[line]),
      asvs: [...(references.asvs ?? [])],
    },
    isLookedAt: finding.isUnseen !== true,
  }
}

/** What is critical and stays in the dark counts as wrong, unless no server runs that could be looked at. */
function statusOf({ severity }: Check, { status, isUnseen, isStopped }: Finding): PostureItem['status'] {
  return isUnseen === true && severity === 'critical' && isStopped !== true ? 'fail' : status
}

async function findingOf(check: Check, installation: Installation): Promise<Finding> {
  const missing = missingFor(check, installation)
  if (missing !== null) return missing
  try {
    return await withLimit(check.limitMs ?? LIMIT_MS, async () => check.look(installation))
  } catch (error) {
    return unseen(reasonOf(error))
  }
}

/** What the check would have to look at and is not there; null where all is. */
function missingFor({ needs }: Check, { server, process, database, databaseProblem, place }: Installation): Finding | null {
  const isStopped = server === null && process === null
  if (needs === 'database') return database === null ? unseen(databaseProblem) : null
  if (needs !== undefined && isStopped) {
    const fix = { text: 'Start the server, then run doctor again.', command: place.restart }
    return { ...unseen('no server runs on this data folder.'), isStopped, fix }
  }
  if (needs === 'server' && server === null) return unseen('the server is still starting.')
  return needs === 'process' && process === null ? unseen('this system does not tell of the process of the server.') : null
}

async function withLimit(limitMs: number, look: () => Promise<Finding>): Promise<Finding> {
  const { promise, resolve } = Promise.withResolvers<Finding>()
  const timer = setTimeout(() => {
    resolve(unseen(`there was no answer within ${String(limitMs / 1000)} seconds.`))
  }, limitMs)
  try {
    return await Promise.race([look(), promise])
  } finally {
    clearTimeout(timer)
  }
}

/** The reason in one line; messages of the system name paths and addresses, never contents. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  return `${message.slice(0, 200).replace(/\.?$/, '')}.`
}
