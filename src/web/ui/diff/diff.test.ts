import { expect, test } from 'vitest'
import { computeDiff } from './compute-diff.ts'
import { parseUnified } from './unified-diff.ts'

test('a unified diff without headers becomes numbered lines', () => {
  const diff = parseUnified('@@ -3,3 +3,3 @@ function a\n same\n-old\n+new\n\\ No newline at end of file\n@@ -20,1 +20,2 @@\n x\n+y\n')
  expect(diff).toMatchObject({ added: 2, removed: 1 })
  expect(diff.lines).toEqual([
    { kind: 'same', text: 'same', oldLine: 3, newLine: 3 },
    { kind: 'removed', text: 'old', oldLine: 4, newLine: null },
    { kind: 'added', text: 'new', oldLine: null, newLine: 4 },
    { kind: 'gap', text: '', oldLine: null, newLine: null },
    { kind: 'same', text: 'x', oldLine: 20, newLine: 20 },
    { kind: 'added', text: 'y', oldLine: null, newLine: 21 },
  ])
})

test('headers of files are left out, and a removed line that looks like one is not', () => {
  const diff = parseUnified('diff --git a/x b/x\nindex 1..2\n--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n--- a heading\n+b\ndiff --git a/y b/y\n')
  expect(diff.lines.map((line) => line.text)).toEqual(['-- a heading', 'b'])
})

test('two texts are compared with three lines around each change', () => {
  const before = Array.from({ length: 20 }, (_, line) => `line ${String(line)}`)
  const diff = computeDiff(before.join('\n'), before.with(10, 'changed').join('\n'))
  expect(diff).toMatchObject({ added: 1, removed: 1 })
  expect(diff.lines).toHaveLength(8)
})
