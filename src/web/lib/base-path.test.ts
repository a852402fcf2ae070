import { expect, test } from 'vitest'
import { basePathOf } from './base-path.ts'

test.for([
  ['https://host.example/assets/shared-x.js', ''],
  ['https://host.example/code/assets/shared-x.js', '/code'],
  ['https://host.example/a/b/assets/shared-x.js?v=1', '/a/b'],
  ['file:///work/src/web/lib/base-path.ts', ''],
] as const)('a page whose files are at %s is hosted below "%s"', ([url, path]) => {
  expect(basePathOf(url)).toBe(path)
})
