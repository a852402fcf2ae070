import { useState } from 'react'
import type { CompactionItem, ExitItem, NoticeItem } from '#protocol/session-view/items'
import { useNow } from '../../lib/use-now.ts'
import { classNames } from '../../ui/class-names.ts'
import { Markdown } from '../../ui/markdown/markdown.tsx'
import { FoldLine } from './fold-line.tsx'
import { exitWords } from './exit-words.ts'
import styles from './rows.module.css'
import { TextPart } from './text-part.tsx'
import { noticeText, sessionEndText } from './text-transcript.ts'

interface NoticeRowProps {
  notice: NoticeItem
  /** True while it is the last thing that happened in a running turn. */
  isLatest: boolean
}

/** Something that a person should know, such as that the agent tries again. */
export function NoticeRow({ notice, isLatest }: NoticeRowProps) {
  return (
    <div className={classNames(styles.notice, notice.level === 'error' && styles.noticeError)}>
      <p>{notice.text}</p>
      {notice.retry && (
        <p className={styles.note}>
          {noticeText.retry(notice.retry.attempt, notice.retry.max)}
          {isLatest && <Countdown key={notice.retry.attempt} delayMs={notice.retry.delayMs} />}
        </p>
      )}
    </div>
  )
}

/** Counted from when it came to be seen here: the clocks of server and device may differ. */
function Countdown({ delayMs }: { delayMs: number }) {
  const [until] = useState(() => Date.now() + delayMs)
  const now = useNow(500)
  const seconds = Math.ceil((until - now.getTime()) / 1000)
  return <> · {seconds > 0 ? noticeText.retryIn(seconds) : noticeText.retryNow}</>
}

/** Where the conversation was summarised to make room. */
export function CompactionRow({ compaction }: { compaction: CompactionItem }) {
  const { preTokens, postTokens, summary } = compaction
  const line = (
    <span>
      {noticeText.compacted}
      {preTokens !== null && postTokens !== null && ` · ${noticeText.compactedTokens(preTokens, postTokens)}`}
    </span>
  )
  return <FoldLine foldKey={compaction.id} line={line} body={summary === null ? null : () => <Markdown text={summary} />} />
}

/** That the agent's process ended by itself, with its last words. */
export function ExitRow({ exit }: { exit: ExitItem }) {
  return (
    <div className={classNames(styles.notice, styles.noticeError)}>
      <p>{exitWords(exit)}</p>
      {exit.stderrTail.trim() !== '' && (
        <FoldLine
          foldKey={exit.id}
          line={sessionEndText.showOutput}
          body={() => <TextPart label={sessionEndText.showOutput} text={exit.stderrTail} />}
        />
      )}
    </div>
  )
}
