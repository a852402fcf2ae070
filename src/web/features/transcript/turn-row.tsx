import type { TurnItem } from '#protocol/session-view/items'
import { formatDuration } from '../../lib/format-quantity.ts'
import { StateMark, type StateTone } from '../../ui/state-mark.tsx'
import { DiffView } from '../../ui/diff/diff-view.tsx'
import { useLineDiff } from '../../ui/diff/use-line-diff.ts'
import { FoldLine } from './fold-line.tsx'
import styles from './rows.module.css'
import { turnText } from './text-transcript.ts'
import { adviceFor } from './turn-advice.ts'

const TONES: Record<TurnItem['outcome'], StateTone> = {
  completed: 'done',
  stopped: 'offline',
  failed: 'failed',
  limit: 'failed',
  refused: 'failed',
}

/** How a turn ended, what it took, and what to do where it failed. */
export function TurnRow({ turn }: { turn: TurnItem }) {
  return (
    <div className={styles.turn}>
      <p className={styles.turnLine}>
        <StateMark tone={TONES[turn.outcome]} word={turnText[turn.outcome]} />
        {turn.durationMs !== null && <span>{formatDuration(turn.durationMs)}</span>}
        <Tokens turn={turn} />
        {turn.costUsd !== null && <span>{turnText.cost(turn.costUsd)}</span>}
      </p>
      <TurnError turn={turn} />
      {turn.diff !== null && turn.diff !== '' && <TurnDiff itemId={turn.id} unified={turn.diff} />}
    </div>
  )
}

function Tokens({ turn: { usage } }: { turn: TurnItem }) {
  if (usage === null) return null
  const input = usage.input + usage.cachedInput
  return <span title={turnText.tokensTitle(input, usage.cachedInput, usage.output)}>{turnText.tokens(input, usage.output)}</span>
}

function TurnError({ turn: { outcome, error } }: { turn: TurnItem }) {
  if (outcome === 'completed' || outcome === 'stopped') return null
  return (
    <div className={styles.failure}>
      <p>{error?.message ?? turnText.failedWithout}</p>
      <p className={styles.note}>{adviceFor(error?.code ?? '')}</p>
    </div>
  )
}

function TurnDiff({ itemId, unified }: { itemId: string; unified: string }) {
  const diff = useLineDiff({ unified })
  return <FoldLine foldKey={itemId} line={turnText.changes} body={() => <DiffView path={turnText.changes} diff={diff} />} />
}
