import OctagonPause from 'lucide-react/icons/octagon-pause'
import type { FreezeState } from '#protocol/approvals'
import { formatStamp } from '../../lib/format.ts'
import { failureOf } from '../../lib/step-up.ts'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import { PendingButton } from '../../ui/settings/pending-button.tsx'
import styles from './freeze.module.css'
import { freezeText } from './text-freeze.ts'
import { useSetFreeze } from './use-set-freeze.ts'

/** Says to everybody that everything is frozen, by whom and why; whoever may releases it here. */
export function FrozenBanner({ state: { by, at, reason }, mayRelease }: { state: FreezeState; mayRelease: boolean }) {
  const { release } = useSetFreeze()
  const failure = failureOf(release.error)
  return (
    <div className={styles.banner}>
      <OctagonPause size={16} aria-hidden className={styles.glyph} />
      <p className={styles.words}>
        <strong>{freezeText.frozen}</strong> {freezeText.meaning}{' '}
        {by !== null && at !== null && <VisibleText text={freezeText.since(by, formatStamp(at))} />}{' '}
        {reason !== null && <VisibleText text={freezeText.because(reason)} />}
        {failure !== undefined && (
          <span role="alert" className={styles.failure}>
            {failure}
          </span>
        )}
      </p>
      {mayRelease && (
        <PendingButton isBusy={release.isPending} onClick={() => release.mutate()}>
          {release.isPending ? freezeText.unfreezing : freezeText.unfreeze}
        </PendingButton>
      )}
    </div>
  )
}
