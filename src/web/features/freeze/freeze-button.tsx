import OctagonPause from 'lucide-react/icons/octagon-pause'
import { lazy, Suspense, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { freezeText } from './text-freeze.ts'
import { useFreeze } from './use-freeze.ts'

const FreezeDialog = lazy(async () => ({ default: (await import('./freeze-dialog.tsx')).FreezeDialog }))

/** Stops every agent of everybody, after a question. Not there while they are stopped. */
export function FreezeButton({ wide = false }: { wide?: boolean }) {
  const [isAsking, setIsAsking] = useState(false)
  const state = useFreeze()
  return (
    <>
      {state?.frozen !== true && (
        <Button variant="danger" wide={wide} aria-haspopup="dialog" onClick={() => setIsAsking(true)}>
          <OctagonPause size={16} aria-hidden />
          {freezeText.freeze}
        </Button>
      )}
      <Suspense fallback={null}>{isAsking && <FreezeDialog onClose={() => setIsAsking(false)} />}</Suspense>
    </>
  )
}
