import type { Project } from '#protocol/projects'
import { messageOf } from '../../lib/api-error.ts'
import { useUpdateProject } from '../../lib/server-queries.ts'
import { projectsText } from '../../lib/text.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

/** Whether agents load what the folder brings for them, what that means, and the switch. */
export function TrustNotice({ project }: { project: Project }) {
  const { mutate: update, isPending, error } = useUpdateProject(project.id)
  const { trusted } = project
  return (
    <>
      <Notice
        title={trusted ? projectsText.trustedTitle : projectsText.trustTitle}
        action={
          <Button disabled={isPending} onClick={() => update({ trusted: !trusted })}>
            {trusted ? projectsText.distrust : projectsText.trust}
          </Button>
        }
      >
        {trusted ? projectsText.trustedText : projectsText.trustText}
      </Notice>
      {error !== null && <Notice tone="negative">{messageOf(error)}</Notice>}
    </>
  )
}
