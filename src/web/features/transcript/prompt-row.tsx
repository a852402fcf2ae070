import { useId, useState } from 'react'
import type { PromptItem } from '#protocol/session-view/items'
import { formatExactTime, formatTimeOfDay } from '../../lib/format.ts'
import { useSessionRights } from '../../lib/session-rights.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import styles from './rows.module.css'
import { transcriptText } from './text-transcript.ts'

/** Longer prompts are shown by their beginning. */
const MAX_FIRST_LENGTH = 1200
const MAX_FIRST_LINES = 12

/** What a person asked. */
export function PromptRow({ prompt }: { prompt: PromptItem }) {
  const { startedBy } = useSessionRights()
  const [showsAll, setShowsAll] = useState(false)
  const textId = useId()
  const text = prompt.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  const beginning = beginningOf(text)
  return (
    <div className={styles.prompt}>
      <p className={styles.who}>
        <span>{whoAsked(prompt, startedBy)}</span>
        <time className={styles.when} dateTime={prompt.at} title={formatExactTime(prompt.at)}>
          {formatTimeOfDay(prompt.at)}
        </time>
        {prompt.delivery === 'folded' && <span className={styles.when}>{transcriptText.folded}</span>}
      </p>
      <p id={textId} className={classNames(styles.promptText, prompt.delivery === 'cancelled' && styles.cancelled)}>
        <VisibleText text={showsAll ? text : beginning} />
      </p>
      <Images prompt={prompt} />
      {beginning !== text && (
        <Button variant="quiet" aria-expanded={showsAll} aria-controls={textId} onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? transcriptText.showLess : transcriptText.showWhole}
        </Button>
      )}
      {prompt.delivery === 'cancelled' && <p className={styles.note}>{transcriptText.notSent}</p>}
    </div>
  )
}

function Images({ prompt }: { prompt: PromptItem }) {
  const names = prompt.content.flatMap((part) => (part.type === 'image' ? [part.name] : []))
  return names.map((name, index) => (
    <p key={index} className={styles.note}>
      {name === undefined ? transcriptText.unnamedImage : transcriptText.image(name)}
    </p>
  ))
}

/** Only whoever started a session sends prompts to it. */
function whoAsked({ origin }: PromptItem, startedBy: string | null): string {
  const person = startedBy ?? transcriptText.you
  return {
    user: person,
    command: person,
    background: transcriptText.background,
    import: transcriptText.imported,
  }[origin]
}

function beginningOf(text: string): string {
  const lines = text.split('\n')
  const beginning = lines.slice(0, MAX_FIRST_LINES).join('\n').slice(0, MAX_FIRST_LENGTH)
  return beginning.length === text.length ? text : `${beginning}…`
}
