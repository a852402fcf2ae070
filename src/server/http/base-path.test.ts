import { expect, test } from 'vitest'
import { pageBelow, withoutBasePath } from './base-path.ts'

test.for([
  ['/code', '/'],
  ['/code?x=1', '/?x=1'],
  ['/code/', '/'],
  ['/code/api/health', '/api/health'],
  ['/code/ws?ticket=a', '/ws?ticket=a'],
  ['http://localhost/code/api/health', 'http://localhost/api/health'],
  ['*', '*'],
] as const)('%s below /code is %s for the routes', ([url, inside]) => {
  expect(withoutBasePath(url, '/code')).toBe(inside)
})

test.for([
  '/',
  '/api/health',
  '/codex',
  '/codex/api/health',
  '/CODE/',
  '/%63ode/',
  '/x/code/',
  '//code/',
  '/code%2Fapi',
  'http://localhost/api',
])('%s is not below /code and leads nowhere', (url) => {
  expect(withoutBasePath(url, '/code')).toBe('/.')
})

test('without a base path an address stays as it is', () => {
  for (const url of ['/', '/api/health', '//x', 'http://localhost/api']) expect(withoutBasePath(url, '')).toBe(url)
})

test("a page's own files are looked for below the path, and no other address is touched", () => {
  const page = '<link href="/favicon.svg"><script src="/assets/a.js"></script><a href="https://example.org/">x</a><a href="//x/">y</a>'
  expect(pageBelow('/code', page)).toBe(
    '<link href="/code/favicon.svg"><script src="/code/assets/a.js"></script><a href="https://example.org/">x</a><a href="//x/">y</a>',
  )
})
