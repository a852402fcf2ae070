import { lazy, Suspense, useEffect, useState } from 'react'
import { registerStepUp, StepUpCancelled } from '../lib/step-up.ts'

const StepUpDialog = lazy(async () => ({ default: (await import('../features/account/step-up-dialog.tsx')).StepUpDialog }))

interface Asked {
  reason: string | null
  resolve: () => void
  reject: (reason: StepUpCancelled) => void
}

/** The one place that asks for a fresh proof, whatever part of the page needs it. */
export function StepUpHost() {
  const [asked, setAsked] = useState<Asked | null>(null)

  useEffect(() => registerStepUp((reason) => new Promise((resolve, reject) => setAsked({ reason, resolve, reject }))), [])

  if (asked === null) return null
  return (
    <Suspense fallback={null}>
      <StepUpDialog
        reason={asked.reason}
        onProved={() => {
          setAsked(null)
          asked.resolve()
        }}
        onCancel={() => {
          setAsked(null)
          asked.reject(new StepUpCancelled())
        }}
      />
    </Suspense>
  )
}
