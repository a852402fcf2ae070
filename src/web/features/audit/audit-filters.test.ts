import { expect, test } from 'vitest'
import { addressOf, filtersIn, NO_FILTERS, queryOf } from './audit-filters.ts'

test('filters survive the address', () => {
  const filters = { ...NO_FILTERS, who: 'ada & bob', area: 'approval', about: 'ses_1', from: '2026-11-01', to: '2026-11-02' }
  expect(filtersIn(new URL(addressOf(filters), 'http://x').search)).toEqual(filters)
  expect(addressOf(NO_FILTERS)).toBe('/audit')
})

test('what an address may not ask for is no filter', () => {
  expect(filtersIn('?area=a.*&from=yesterday&to=9999-99&project=../x')).toEqual(NO_FILTERS)
})

test('both days count whole, in the time of this device', () => {
  const query = queryOf({ ...NO_FILTERS, from: '2026-11-01', to: '2026-11-30' })
  expect(query.get('from')).toBe(new Date(2026, 10, 1).toISOString())
  expect(query.get('to')).toBe(new Date(2026, 11, 1).toISOString())
  expect(query.has('actor')).toBe(false)
})

test('an area takes in all of its actions', () => {
  expect(queryOf({ ...NO_FILTERS, area: 'auth', who: ' ada ' }).toString()).toBe('actor=ada&action=auth.*')
})
