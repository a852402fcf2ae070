import { useId, useState } from 'react'
import type { FactorOverview } from '#protocol/factors'
import { messageOf } from '../../lib/api-error.ts'
import { hasPasskeys } from '../../lib/passkeys.ts'
import { requestText } from '../../lib/text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useFactors, useStepUp } from './account-queries.ts'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import styles from './step-up-dialog.module.css'
import { StepUpForm } from './step-up-form.tsx'
import { commonText, stepUpText } from './text-account.ts'
import { useFailure } from './use-failure.ts'

type Way = FactorOverview['stepUp'][number]

interface StepUpDialogProps {
  /** A sentence that says what asks; null for a general one. */
  reason: string | null
  onProved: () => void
  onCancel: () => void
}

/** Asks for a fresh proof of who sits here, in the one way that is quickest, and offers the others. */
export function StepUpDialog({ reason, onProved, onCancel }: StepUpDialogProps) {
  const formId = useId()
  const factors = useFactors()
  const [chosen, setChosen] = useState<Way | null>(null)
  const stepUp = useStepUp()
  const { sentence, wait } = useFailure(stepUp)
  const ways = usableWays(factors.data?.stepUp ?? [])
  const way = chosen ?? ways[0]
  const isLocked = stepUp.isPending || wait > 0

  function choose(next: Way) {
    setChosen(next)
    if (!stepUp.isPending) stepUp.reset()
  }

  return (
    <Dialog
      title={stepUpText.title}
      closeLabel={commonText.close}
      onClose={onCancel}
      footer={
        <>
          <Button onClick={onCancel}>{commonText.cancel}</Button>
          {way !== undefined && (
            <PendingButton variant="primary" type="submit" form={formId} isBusy={isLocked}>
              {actionLabel(way, stepUp.isPending)}
            </PendingButton>
          )}
        </>
      }
    >
      <p className={styles.reason}>{`${reason ?? stepUpText.reason} ${stepUpText.holds}`}</p>
      {way === undefined ? (
        <NoWay factors={factors} />
      ) : (
        <>
          <StepUpForm
            key={way}
            id={formId}
            way={way}
            error={sentence}
            isLocked={isLocked}
            onProof={(proof) => stepUp.mutate(proof, { onSuccess: onProved })}
          />
          <OtherWays ways={ways.filter((other) => other !== way)} onChoose={choose} />
        </>
      )}
    </Dialog>
  )
}

function NoWay({ factors }: { factors: ReturnType<typeof useFactors> }) {
  if (factors.isPending) return <Skeleton label={stepUpText.loading} rows={2} />
  if (factors.isSuccess) return <Notice>{stepUpText.noWay}</Notice>
  return (
    <Notice tone="negative" title={stepUpText.failed} action={<Button onClick={() => void factors.refetch()}>{requestText.retry}</Button>}>
      {messageOf(factors.error)}
    </Notice>
  )
}

function OtherWays({ ways, onChoose }: { ways: Way[]; onChoose: (way: Way) => void }) {
  if (ways.length === 0) return null
  return (
    <ul className={styles.others} aria-label={stepUpText.others}>
      {ways.map((way) => (
        <li key={way}>
          <button type="button" className={styles.other} onClick={() => onChoose(way)}>
            {stepUpText.switchTo[way]}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** The quickest first; passkeys only where the browser has any under this address. */
function usableWays(ways: Way[]): Way[] {
  const order: Way[] = ['passkey', 'totp', 'recovery-code', 'password']
  return order.filter((way) => ways.includes(way) && (way !== 'passkey' || hasPasskeys()))
}

function actionLabel(way: Way, isPending: boolean): string {
  if (way === 'passkey') return isPending ? stepUpText.waitingForPasskey : stepUpText.usePasskey
  return isPending ? stepUpText.confirming : stepUpText.confirm
}
