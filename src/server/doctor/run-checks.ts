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

export function postureOf(items: PostureItem[], { now, version }: Installation): Posture {
  return { at: now.toISOString(), version, ...scoreOf(items), items }
}

async function runCheck(check: Check, installation: Installation): Promise<PostureItem> {
  const finding = await findingOf(check, installation)
  const { id, area, title, severity, why, references } = check
  return {
    id,
    area,
    title,
    severity,
    status: statusOf(check, finding, installation),
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

/** What is critical and stays in the dark counts as wrong, unless no server runs that could be asked. */
function statusOf({ severity, needs }: Check, { status, isUnseen }: Finding, { server }: Installation): PostureItem['status'] {
  const isStopped = needs === 'server' && server === null
  return isUnseen === true && severity === 'critical' && !isStopped ? 'fail' : status
}

async function findingOf(check: Check, installation: Installation): Promise<Finding> {
  const missing = missingFor(check, installation)
  if (missing !== null) return unseen(missing)
  try {
    return await withLimit(check.limitMs ?? LIMIT_MS, async () => check.look(installation))
  } catch (error) {
    return unseen(reasonOf(error))
  }
}

function missingFor({ needs }: Check, { server, database, databaseProblem }: Installation): string | null {
  if (needs === 'server' && server === null) return 'no server runs on this data folder.'
  return needs === 'database' && database === null ? databaseProblem : null
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
