import { useState } from 'react'
import { useLocation } from 'wouter'
import { GetStarted } from '../../features/onboarding/get-started.tsx'
import { AddProjectDialog } from '../../features/projects/add-project-dialog.tsx'
import { useProviders } from '../../lib/server-queries.ts'
import { useSignedIn } from '../signed-in-context.ts'

/** What stands in the place of the sessions while there is no project. */
export function FirstRun() {
  const [, navigate] = useLocation()
  const { user, status } = useSignedIn()
  const providers = useProviders()
  const [isAdding, setIsAdding] = useState(false)
  return (
    <>
      <GetStarted
        username={status.platformMode ? null : (user?.username ?? null)}
        providers={providers.data ?? null}
        onAddProject={() => setIsAdding(true)}
      />
      {isAdding && <AddProjectDialog onClose={() => setIsAdding(false)} onAdded={(project) => navigate(`/projects/${project.id}`)} />}
    </>
  )
}
