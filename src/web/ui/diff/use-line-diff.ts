import { useEffect, useMemo, useState } from 'react'
import { type LineDiff, parseUnified } from './unified-diff.ts'

/** What is known of a change: a unified diff, or the text before (absent or null: there was none) and after. */
export interface TextChange {
  unified?: string | undefined
  oldText?: string | null | undefined
  newText?: string | null | undefined
}

interface Computed {
  oldText: string
  newText: string
  diff: LineDiff | null
}

/** The lines of a change. Null while the difference is being computed, which needs a library that is loaded on demand. */
export function useLineDiff({ unified, oldText, newText }: TextChange): LineDiff | null {
  const parsed = useMemo(() => directDiff({ unified, oldText, newText }), [unified, oldText, newText])
  const [computed, setComputed] = useState<Computed | null>(null)
  const before = oldText ?? ''
  const after = newText ?? ''

  useEffect(() => {
    if (parsed !== null) return undefined
    let isCurrent = true
    void import('./compute-diff.ts').then(
      ({ computeDiff }) => {
        if (isCurrent) setComputed({ oldText: before, newText: after, diff: computeDiff(before, after) })
      },
      // Offline: both texts, one after the other, tell the same.
      () => {
        if (isCurrent) setComputed({ oldText: before, newText: after, diff: bothTexts(before, after) })
      },
    )
    return () => {
      isCurrent = false
    }
  }, [parsed, before, after])

  if (parsed !== null) return parsed
  return computed?.oldText === before && computed.newText === after ? computed.diff : null
}

/** A diff that needs no computing: a unified one, a new file, a deleted one. */
function directDiff({ unified, oldText, newText }: TextChange): LineDiff | null {
  if (unified !== undefined) return parseUnified(unified)
  const before = oldText ?? ''
  const after = newText ?? ''
  return before === '' || after === '' ? bothTexts(before, after) : null
}

function bothTexts(before: string, after: string): LineDiff {
  const lines = [...signed('-', before), ...signed('+', after)]
  return parseUnified(['@@ -1 +1 @@', ...lines].join('\n'))
}

function signed(sign: '-' | '+', text: string): string[] {
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `${sign}${line}`)
}
