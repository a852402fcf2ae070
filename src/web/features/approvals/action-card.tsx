import { lazy, type RefObject, Suspense, useRef, useState } from 'react'
import type { RememberFor } from '#protocol/approvals'
import { messageOf } from '../../lib/api-error.ts'
import { Button } from '../../ui/button.tsx'
import { ActionEffect } from './action-effect.tsx'
import styles from './approval-card.module.css'
import { ApprovalFrame } from './approval-frame.tsx'
import { CardFacts } from './card-facts.tsx'
import type { CardProps } from './card-props.ts'
import { CommandEditor } from './command-editor.tsx'
import { AllowButton, DecisionBar, GrantButton, Key } from './decision-bar.tsx'
import { exactWords } from './text-exact.ts'
import { approvalText } from './text-approvals.ts'
import { useCardKeys } from './use-card-keys.ts'
import { useCommandEdit } from './use-command-edit.ts'
import { useDecide } from './use-approvals.ts'
import { useArmed } from './use-armed.ts'
import { useWholeInput } from './use-whole-input.ts'

const GrantDialog = lazy(async () => ({ default: (await import('./grant-dialog.tsx')).GrantDialog }))

/** A command, an edit or another tool call that waits: its effect first, then the buttons. */
export function ActionCard(props: CardProps) {
  const { request } = props.approval
  const card = useRef<HTMLDivElement>(null)
  const action = useAction(props, card)
  const { isArmed, mayAllow, isPending, error, edit, seen, allow, reject, isRejecting, setIsRejecting } = action
  return (
    <ApprovalFrame ref={card} {...props} isArmed={isArmed} onAllow={allow} onReject={() => reject('')}>
      <ActionEffect
        request={request}
        {...action.whole}
        editor={edit.text === null ? null : <CommandEditor edited={edit.text} isChanged={edit.input !== null} onChange={edit.change} />}
      />
      <CardFacts request={request} />
      {seen === 'folded' && <p className={styles.label}>{exactWords.openFirst}</p>}
      {error !== null && (
        <p role="alert" className={styles.error}>
          {messageOf(error)}
        </p>
      )}
      <DecisionBar
        isArmed={isArmed}
        isDeciding={isPending}
        isRejecting={isRejecting}
        onRejecting={setIsRejecting}
        rejectLabel={approvalText.reject}
        rejectKey="R"
        onReject={reject}
        allow={
          <AllowButton isArmed={mayAllow} onAllow={allow} letter="A">
            {edit.input === null ? approvalText.allowOnce : approvalText.allowEdited}
          </AllowButton>
        }
        wider={<WiderButtons action={action} />}
      />
      <Suspense fallback={null}>
        {action.isGranting && (
          <GrantDialog request={request} isDeciding={isPending} onAllow={action.allowFor} onClose={() => action.setIsGranting(false)} />
        )}
      </Suspense>
    </ApprovalFrame>
  )
}

type Action = ReturnType<typeof useAction>

/** The state of a card and what its buttons and letters do. */
function useAction({ approval: { request } }: CardProps, card: RefObject<HTMLDivElement | null>) {
  const { mutate: decide, isPending, error } = useDecide(request)
  const isArmed = useArmed(card) && !isPending
  const { seen, ...whole } = useWholeInput(request)
  const edit = useCommandEdit(request)
  const [isRejecting, setIsRejecting] = useState(false)
  const [isGranting, setIsGranting] = useState(false)
  const mayAllow = isArmed && seen === 'whole' && edit.text?.trim() !== ''

  const maySeeGrants = request.suggestions.length > 0 && edit.text === null

  function allow() {
    if (mayAllow) decide({ allow: true, ...(edit.input === null ? {} : { updatedInput: edit.input }) })
  }
  function allowFor(remember: string, rememberFor: RememberFor | undefined) {
    // The dialog was opened once the whole input was seen, and arms itself.
    if (!isPending) decide({ allow: true, remember, ...(rememberFor === undefined ? {} : { rememberFor }) })
    setIsGranting(false)
  }
  function openGrants() {
    if (mayAllow && maySeeGrants) setIsGranting(true)
  }
  function reject(reason: string) {
    decide({ allow: false, ...(reason === '' ? {} : { reason }) })
  }
  useCardKeys(card, {
    a: allow,
    s: openGrants,
    r: () => isArmed && setIsRejecting(true),
    e: edit.begin ?? undefined,
  })
  return {
    isArmed,
    mayAllow,
    isPending,
    error,
    edit,
    seen,
    whole,
    allow,
    allowFor,
    maySeeGrants,
    openGrants,
    isGranting,
    setIsGranting,
    reject,
    isRejecting,
    setIsRejecting,
  }
}

function WiderButtons({ action: { edit, mayAllow, maySeeGrants, openGrants } }: { action: Action }) {
  return (
    <>
      {maySeeGrants && <GrantButton isArmed={mayAllow} onOpen={openGrants} />}
      {edit.begin !== null && (
        <Button aria-keyshortcuts="E" onClick={edit.text === null ? edit.begin : edit.undo}>
          {edit.text === null ? approvalText.edit : approvalText.undoEdit}
          <Key letter="E" />
        </Button>
      )}
    </>
  )
}
