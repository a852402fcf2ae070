import { expect, test } from 'vitest'
import { historyAddress, historyFiltersIn, historyQuery } from './history-filters.ts'

test('an address without a wish for decisions asks for what waits', () => {
  expect(historyFiltersIn('')).toBeNull()
  expect(historyFiltersIn('show=waiting&text=rm')).toBeNull()
})

test.each([
  ['show=decided', '/inbox?show=decided', 'by=user'],
  ['show=decided&by=any', '/inbox?show=decided&by=any', ''],
  ['show=decided&outcome=denied&text=rm+-rf', '/inbox?show=decided&outcome=denied&text=rm+-rf', 'outcome=denied&by=user&text=rm+-rf'],
  ['show=decided&outcome=eaten&by=ada', '/inbox?show=decided', 'by=user'],
])('%s', (search, address, query) => {
  const filters = historyFiltersIn(search)
  if (filters === null) throw new Error('It asks for decisions.')
  expect(historyAddress(filters)).toBe(address)
  expect(historyQuery(filters).toString()).toBe(query)
})
