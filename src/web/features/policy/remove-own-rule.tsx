import { useState } from 'react'
import type { PolicyRule } from '#protocol/policy'
import { failureOf } from '../../lib/step-up.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/settings/confirm-dialog.tsx'
import { useRemoveRule } from './policy-queries.ts'
import { matchWords } from './rule-words.ts'
import { policyText, rulesText } from './text-policy.ts'

/** What somebody had remembered for themselves they take back by themselves, at once. */
export function RemoveOwnRule({ rule }: { rule: PolicyRule }) {
  const [isOpen, setIsOpen] = useState(false)
  const { mutate: remove, isPending, error } = useRemoveRule()
  const words = matchWords(rule.match)
  return (
    <>
      <Button variant="quiet" aria-label={rulesText.removeNamed(words)} onClick={() => setIsOpen(true)}>
        {rulesText.remove}
      </Button>
      {isOpen && (
        <ConfirmDialog
          title={rulesText.removeTitle}
          words={{ close: policyText.close, cancel: policyText.cancel, confirm: rulesText.remove, confirming: rulesText.removing }}
          isPending={isPending}
          error={failureOf(error)}
          onConfirm={() => remove(rule.id)}
          onClose={() => setIsOpen(false)}
        >
          {rulesText.removeText(words)}
        </ConfirmDialog>
      )}
    </>
  )
}
