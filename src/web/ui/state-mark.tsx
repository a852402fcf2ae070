import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './state-mark.module.css'

/** `waiting` is for a person's decision and nothing else. */
export type StateTone = 'waiting' | 'working' | 'idle' | 'done' | 'failed' | 'offline'

interface StateMarkProps {
  tone: StateTone
  /** The state in words; read out even where only the glyph is shown. */
  word: string
  glyphOnly?: boolean
}

/** A state as glyph, word and colour, never colour alone. */
export function StateMark({ tone, word, glyphOnly = false }: StateMarkProps) {
  return (
    <span className={classNames(styles.mark, styles[tone])} title={glyphOnly ? word : undefined}>
      <svg className={styles.glyph} viewBox="0 0 12 12" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
        {GLYPHS[tone]}
      </svg>
      <span className={glyphOnly ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  )
}

const GLYPHS: Record<StateTone, ReactNode> = {
  waiting: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  working: (
    <>
      <circle cx="6" cy="6" r="4.25" />
      <path d="M6 1.75a4.25 4.25 0 0 0 0 8.5z" fill="currentColor" stroke="none" />
    </>
  ),
  idle: <circle cx="6" cy="6" r="4.25" />,
  done: <path d="m2 6.5 2.75 2.75L10 3.5" />,
  failed: <path d="m2.5 2.5 7 7m0-7-7 7" />,
  offline: (
    <>
      <circle cx="6" cy="6" r="4.25" />
      <path d="m3 9 6-6" />
    </>
  ),
}
