import { memo } from 'react'
import { classNames } from '../class-names.ts'
import styles from './code.module.css'
import { type CodeRun, colourOf } from './code-runs.ts'
import { useHighlight } from './use-highlight.ts'
import { VisibleText } from './visible-text.tsx'

interface CodeProps {
  text: string
  /** A language's name, or empty for plain text. */
  language?: string
  /** Plain until its end has come. */
  isOpen?: boolean
}

/** Code in the colours of its language, once the highlighter is there; never a change of size. */
export function Code({ text, language = '', isOpen = false }: CodeProps) {
  const runs = useHighlight(text, language, !isOpen)
  return <code className={styles.code}>{runs === null ? <VisibleText text={text} /> : <CodeRuns runs={runs} />}</code>
}

const CodeRuns = memo(function CodeRuns({ runs }: { runs: CodeRun[] }) {
  return (
    <>
      {runs.map((run, index) => {
        const colour = colourOf(run.scope)
        return (
          <span key={index} className={classNames(colour !== null && styles[colour])}>
            <VisibleText text={run.text} />
          </span>
        )
      })}
    </>
  )
})
