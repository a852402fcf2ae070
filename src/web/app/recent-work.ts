import type { ProjectId } from '#protocol/ids'
import type { Project } from '#protocol/projects'
import type { Session } from '#protocol/sessions'

/** Each project with its sessions; first the projects of the newest sessions, then the others as they come. */
export function recentWork(projects: readonly Project[], sessions: readonly Session[]): { project: Project; sessions: Session[] }[] {
  const byProject = new Map<ProjectId, Session[]>()
  for (const session of sessions) byProject.set(session.projectId, [...(byProject.get(session.projectId) ?? []), session])
  const known = new Map(projects.map((project) => [project.id, project]))
  const order = new Set<ProjectId>([...byProject.keys(), ...known.keys()])
  return [...order].flatMap((id) => {
    const project = known.get(id)
    return project === undefined ? [] : [{ project, sessions: byProject.get(id) ?? [] }]
  })
}
