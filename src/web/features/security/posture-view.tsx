import { useState } from 'react'
import type { Posture } from '#protocol/posture'
import { failureOf, StepUpCancelled } from '../../lib/step-up.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/code/copy-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SelectField } from '../../ui/settings/select-field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { filterOptions, groupsOf, type PostureFilter, type PostureGroup } from './posture-filter.ts'
import { usePosture } from './posture-queries.ts'
import { PostureRow } from './posture-row.tsx'
import { ScoreHead } from './score-head.tsx'
import styles from './security.module.css'
import { areaNames, postureText } from './text-security.ts'

/** The security checklist of this installation, as the server finds it when it looks. */
export function PostureView() {
  const { data, error, isFetching, refetch } = usePosture()
  const look = () => void refetch()
  const failure = failureOf(error)
  if (data === undefined && isFetching) return <Skeleton label={postureText.loading} rows={8} />
  if (error instanceof StepUpCancelled && data === undefined)
    return (
      <EmptyState title={postureText.unseenTitle} action={<Button onClick={look}>{postureText.look}</Button>}>
        {postureText.unseen}
      </EmptyState>
    )
  return (
    <div className={styles.view}>
      {failure !== undefined && (
        <Notice
          tone="negative"
          title={postureText.failed}
          action={data === undefined && <Button onClick={look}>{postureText.look}</Button>}
        >
          {failure}
        </Notice>
      )}
      {data !== undefined && (
        <>
          <ScoreHead posture={data} isLooking={isFetching} onLook={look} />
          <Checklist posture={data} />
          <p className={styles.host}>
            <span className={styles.quiet}>{postureText.command}</span>
            <code>{data.command}</code>
            <CopyButton text={data.command} label={postureText.copy} copiedLabel={postureText.copied} />
          </p>
        </>
      )}
    </div>
  )
}

function Checklist({ posture }: { posture: Posture }) {
  const { fail, warn } = posture.counts
  const [filter, setFilter] = useState<PostureFilter>(fail + warn > 0 ? 'problems' : 'all')
  const groups = groupsOf(posture, filter)
  return (
    <>
      <SelectField label={postureText.filter} value={filter} options={filterOptions(posture.items)} onChange={setFilter} />
      {groups.length === 0 ? (
        <EmptyState title={postureText.noneTitle}>{postureText.none}</EmptyState>
      ) : (
        groups.map((group) => <Group key={group.area} group={group} />)
      )}
    </>
  )
}

function Group({ group: { area, items, passed, applicable } }: { group: PostureGroup }) {
  return (
    <section aria-labelledby={`area-${area}`} className={styles.group}>
      <h2 id={`area-${area}`} className={styles.groupTitle} aria-label={postureText.group(areaNames[area], passed, applicable)}>
        {areaNames[area]} <span className={styles.quiet}>{postureText.groupCount(passed, applicable)}</span>
      </h2>
      <ul>
        {items.map((item) => (
          <PostureRow key={`${item.id} ${item.status}`} item={item} />
        ))}
      </ul>
    </section>
  )
}
