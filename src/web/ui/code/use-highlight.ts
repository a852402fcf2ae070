import { useEffect, useState } from 'react'
import type { CodeRun } from './code-runs.ts'

/** Longer code stays plain: colouring it would hold up the page. */
const MAX_HIGHLIGHTED_LENGTH = 50_000

interface Highlighted {
  code: string
  language: string
  runs: CodeRun[] | null
}

/** The coloured runs of `code`, or null while the highlighter is on its way, does not know the language, or `isEnabled` is false. */
export function useHighlight(code: string, language: string, isEnabled: boolean): CodeRun[] | null {
  const [highlighted, setHighlighted] = useState<Highlighted | null>(null)
  const isWanted = isEnabled && language !== '' && code.length <= MAX_HIGHLIGHTED_LENGTH

  useEffect(() => {
    if (!isWanted) return undefined
    let isCurrent = true
    void loadHighlighter().then((highlighter) => {
      if (isCurrent) setHighlighted({ code, language, runs: highlighter?.highlight(code, language) ?? null })
    })
    return () => {
      isCurrent = false
    }
  }, [code, language, isWanted])

  const isFresh = highlighted?.code === code && highlighted.language === language
  return isWanted && isFresh ? highlighted.runs : null
}

/** Null when it cannot be loaded, as when offline: the code is readable without colours. */
function loadHighlighter(): Promise<{ highlight: (code: string, language: string) => CodeRun[] | null } | null> {
  return import('./highlighter.ts').catch(() => null)
}
