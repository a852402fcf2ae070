import { lazy, Suspense } from 'react'
import { useFreeze } from '../features/freeze/use-freeze.ts'
import { useCan } from './use-can.ts'

const FrozenBanner = lazy(async () => ({ default: (await import('../features/freeze/frozen-banner.tsx')).FrozenBanner }))

/** While everything is frozen, says so over every screen. */
export function FreezeNotice() {
  const state = useFreeze()
  const mayRelease = useCan('admin')
  return (
    <div role="status">
      <Suspense fallback={null}>{state?.frozen === true && <FrozenBanner state={state} mayRelease={mayRelease} />}</Suspense>
    </div>
  )
}
