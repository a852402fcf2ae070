import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CheckSeverity, CheckStatus, type PostureItem } from '#protocol/posture'
import { gradeOf, scoreOf } from './score.ts'

const WORST_FIRST: readonly CheckStatus[] = ['fail', 'warn', 'pass']

const anyItem = fc
  .record({ status: fc.constantFrom(...CheckStatus.options), severity: fc.constantFrom(...CheckSeverity.options) })
  .map(item)
const anyItems = fc.array(anyItem, { minLength: 1, maxLength: 60 })

function item({ status, severity }: Pick<PostureItem, 'status' | 'severity'>): PostureItem {
  const references = { guide: [], issue: [], asvs: [] }
  return { id: 'x', area: 'http', title: 'A wall stands', severity, status, evidence: '', why: '', fix: null, references, isLookedAt: true }
}

const passes = (count: number) => Array.from({ length: count }, () => item({ status: 'pass', severity: 'critical' }))

test('what does not apply changes no score', () => {
  fc.assert(
    fc.property(anyItems, fc.constantFrom(...CheckSeverity.options), (items, severity) => {
      const more = [...items, item({ status: 'not-applicable', severity })]
      expect(scoreOf(more).score).toBe(scoreOf(items).score)
    }),
  )
})

test('a check that does better never lowers the score, and one that does worse never raises it', () => {
  fc.assert(
    fc.property(anyItems, fc.nat(), (items, at) => {
      const index = at % items.length
      const scores = WORST_FIRST.map((status) => scoreOf(items.map((each, place) => (place === index ? { ...each, status } : each))).score)
      expect(scores).toEqual(scores.toSorted((left, right) => left - right))
    }),
  )
})

test('100 means that everything that applies passed', () => {
  fc.assert(
    fc.property(anyItems, (items) => {
      const isPerfect =
        items.every(({ status }) => status === 'pass' || status === 'not-applicable') && items.some(({ status }) => status === 'pass')
      expect(scoreOf(items).score === 100).toBe(isPerfect)
    }),
  )
})

test.for([
  ['fail', 'critical', 39, 'F'],
  ['fail', 'high', 69, 'D'],
  ['warn', 'critical', 79, 'C'],
  ['fail', 'low', 89, 'B'],
] as const)('one check that is %s and %s holds the score at %d, however much else passes', ([status, severity, most, grade]) => {
  const { score, cap } = scoreOf([...passes(500), item({ status, severity })])
  expect(score).toBe(most)
  expect(gradeOf(score)).toBe(grade)
  expect(cap).toMatchObject({ score: most, because: expect.stringContaining('A wall stands') })
})

test('nothing that was looked at is no score', () => {
  expect(scoreOf([item({ status: 'not-applicable', severity: 'low' })])).toMatchObject({ score: 0, cap: null })
})
