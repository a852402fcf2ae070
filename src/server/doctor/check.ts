import type { CheckArea, CheckFix, CheckSeverity, CheckStatus } from '#protocol/posture'
import type { Installation } from './installation.ts'
import type { GuideLine, IssueLine } from './references.ts'

/** What a look at the installation found. */
export interface Finding {
  status: CheckStatus
  /** What was seen: one or two sentences, no secret in them. */
  evidence: string
  /** In place of the check's own, where what was seen says better what to do. */
  fix?: CheckFix
  /** True where it could not be found out. */
  isUnseen?: boolean
  /** True where that is so because no server runs. */
  isStopped?: boolean
}

/** One line of doctor: data, and a small function that looks. */
export interface Check {
  /** `area-what`, for ever. */
  id: string
  area: CheckArea
  /** What holds where it passes, as a short statement. */
  title: string
  severity: CheckSeverity
  why: string
  fix: (installation: Installation) => CheckFix
  references: {
    guide?: readonly GuideLine[]
    issue?: readonly IssueLine[]
    /** Numbers of OWASP ASVS 5.0. */
    asvs?: readonly string[]
  }
  /** Without it nothing can be said. */
  needs?: 'server' | 'process' | 'database'
  /** Longest time that a look may take; 5 seconds unless given. */
  limitMs?: number
  /** What it throws becomes "could not be looked at". */
  look: (installation: Installation) => Promise<Finding> | Finding
}

export function pass(evidence: string): Finding {
  return { status: 'pass', evidence }
}

export function warn(evidence: string, fix?: CheckFix): Finding {
  return { status: 'warn', evidence, ...(fix ? { fix } : {}) }
}

export function fail(evidence: string, fix?: CheckFix): Finding {
  return { status: 'fail', evidence, ...(fix ? { fix } : {}) }
}

/** The risk does not exist here, for a reason that can be seen. Never for what could not be looked at. */
export function notApplicable(evidence: string): Finding {
  return { status: 'not-applicable', evidence }
}

/** It could not be found out. @param reason a sentence */
export function unseen(reason: string): Finding {
  return { status: 'warn', evidence: `Could not be looked at: ${reason}`, isUnseen: true }
}

/** `fail` with what is wrong, or `pass` where nothing is. */
export function failIfAny(wrong: readonly string[], good: string, most = 4): Finding {
  return wrong.length === 0 ? pass(good) : fail(listed(wrong, most))
}

/** As {@link failIfAny}, for what is no more than doubtful. */
export function warnIfAny(wrong: readonly string[], good: string, most = 4): Finding {
  return wrong.length === 0 ? pass(good) : warn(listed(wrong, most))
}

/** The first few of a list, and how many more there are. */
export function listed(things: readonly string[], most = 4): string {
  const more = things.length - most
  return more > 0 ? `${things.slice(0, most).join('; ')}; and ${String(more)} more.` : `${things.join('; ')}.`
}
