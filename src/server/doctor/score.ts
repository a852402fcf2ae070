import type { CheckSeverity, Posture, PostureItem } from '#protocol/posture'

/** What a check counts for. */
const WEIGHTS: Readonly<Record<CheckSeverity, number>> = { critical: 10, high: 6, medium: 3, low: 1 }

interface Cap {
  score: number
  /** Whether the item holds the score down. */
  holds: (item: PostureItem) => boolean
  words: string
}

/** The first that holds is the lowest. No number of small checks that pass makes up for one of these. */
const CAPS: readonly Cap[] = [
  { score: 39, holds: ({ status, severity }) => status === 'fail' && severity === 'critical', words: 'failed and is critical' },
  { score: 69, holds: ({ status, severity }) => status === 'fail' && severity === 'high', words: 'failed and is serious' },
  { score: 79, holds: ({ status, severity }) => status === 'warn' && severity === 'critical', words: 'is critical and not certain' },
  { score: 89, holds: ({ status }) => status === 'fail', words: 'failed' },
]

/**
 * The score of what was found: the weight of what passed in the weight of all that applies; a warning counts half. What does
 * not apply is in neither sum. Rounded down, so that 100 means that everything passed.
 */
export function scoreOf(items: readonly PostureItem[]): Pick<Posture, 'score' | 'cap' | 'counts'> {
  const applicable = items.filter(({ status }) => status !== 'not-applicable')
  const whole = sum(applicable.map(({ severity }) => WEIGHTS[severity]))
  const earned = sum(applicable.map(earnedBy))
  // Where nothing was looked at, nothing is known to be good.
  const plain = whole === 0 ? 0 : Math.floor((100 * earned) / whole)
  const cap = capOf(applicable)
  return {
    score: Math.min(plain, cap?.score ?? 100),
    cap: cap !== null && plain > cap.score ? cap : null,
    counts: {
      pass: count(items, 'pass'),
      warn: count(items, 'warn'),
      fail: count(items, 'fail'),
      notApplicable: count(items, 'not-applicable'),
    },
  }
}

function earnedBy({ status, severity }: PostureItem): number {
  if (status === 'pass') return WEIGHTS[severity]
  return status === 'warn' ? WEIGHTS[severity] / 2 : 0
}

function capOf(items: readonly PostureItem[]): Posture['cap'] {
  for (const { score, holds, words } of CAPS) {
    const item = items.find(holds)
    if (item) return { score, because: `"${item.title}" ${words}` }
  }
  return null
}

function count(items: readonly PostureItem[], wanted: PostureItem['status']): number {
  return items.filter(({ status }) => status === wanted).length
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** A letter for a score, as scanners of web sites give them. */
export function gradeOf(score: number): 'A' | 'B' | 'C' | 'D' | 'F' {
  if (score >= 90) return 'A'
  if (score >= 80) return 'B'
  if (score >= 70) return 'C'
  return score >= 40 ? 'D' : 'F'
}
