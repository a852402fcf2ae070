import { structuredPatch } from 'diff'
import { type LineDiff, parseUnified } from './unified-diff.ts'

/* Loaded on demand: see use-line-diff.ts. */

/** After this long the difference is given up, and both texts are shown one after the other. */
const TIMEOUT_MS = 1000

/** What changes from one text to the other, with three lines around each change. */
export function computeDiff(oldText: string, newText: string): LineDiff {
  const patch = structuredPatch('', '', oldText, newText, '', '', { context: 3, timeout: TIMEOUT_MS })
  if (patch === undefined) return parseUnified([...wholeText('-', oldText), ...wholeText('+', newText)].join('\n'))
  const hunks = patch.hunks.flatMap(({ oldStart, newStart, lines }) => [`@@ -${String(oldStart)} +${String(newStart)} @@`, ...lines])
  return parseUnified(hunks.join('\n'))
}

function wholeText(sign: '-' | '+', text: string): string[] {
  const head = sign === '-' ? ['@@ -1 +1 @@'] : []
  return [...head, ...text.split('\n').map((line) => `${sign}${line}`)]
}
