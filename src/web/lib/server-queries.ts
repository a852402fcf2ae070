import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ProjectId, SessionId } from '#protocol/ids'
import { pageOf } from '#protocol/lists'
import type { CreateProject, UpdateProject } from '#protocol/projects'
import { FolderListing, Project } from '#protocol/projects'
import { ProviderStatus } from '#protocol/providers'
import type { UpdateSession } from '#protocol/sessions'
import { Session } from '#protocol/sessions'
import { api } from './api.ts'
import { applyProject, applyRemovedProject, applySession } from './live-updates.ts'
import { queryKeys } from './query-keys.ts'
import { sessionsOf } from './session-pages.ts'

const SESSIONS_A_PAGE = 100
const PROJECTS_AT_MOST = 1000

const ProjectPage = pageOf(Project)
const SessionPage = pageOf(Session)
const ProviderPage = pageOf(ProviderStatus)

/** All projects, the last opened first. */
export function useProjects() {
  return useQuery({
    queryKey: queryKeys.projects,
    queryFn: async ({ signal }) => (await api.get(`/api/projects?limit=${PROJECTS_AT_MOST}`, ProjectPage, signal)).items,
    select: byLastOpened,
  })
}

/** The sessions of one project, or of all of them: newest first, page by page. */
export function useSessions(projectId: ProjectId | null) {
  const path = projectId === null ? '/api/sessions' : `/api/projects/${projectId}/sessions`
  return useInfiniteQuery({
    queryKey: queryKeys.sessions(projectId),
    initialPageParam: firstPage(),
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam === null ? '' : `&cursor=${encodeURIComponent(pageParam)}`
      return api.get(`${path}?limit=${SESSIONS_A_PAGE}${cursor}`, SessionPage, signal)
    },
    getNextPageParam: (page) => page.nextCursor,
    select: sessionsOf,
  })
}

export function useSession(sessionId: SessionId) {
  return useQuery({
    queryKey: queryKeys.session(sessionId),
    queryFn: ({ signal }) => api.get(`/api/sessions/${sessionId}`, Session, signal),
  })
}

/** Every agent with what it can do, or what it lacks. */
export function useProviders() {
  return useQuery({
    queryKey: queryKeys.providers,
    queryFn: async ({ signal }) => (await api.get('/api/providers', ProviderPage, signal)).items,
  })
}

/** One level of the folder picker; null lists the roots. */
export function useFolders(path: string | null) {
  return useQuery({
    queryKey: queryKeys.folders(path),
    queryFn: ({ signal }) =>
      api.get(path === null ? '/api/folders' : `/api/folders?path=${encodeURIComponent(path)}`, FolderListing, signal),
    // Folders come and go by other hands: each visit looks again.
    staleTime: 0,
  })
}

export function useAddProject() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (project: CreateProject) => api.post('/api/projects', project, Project),
    onSuccess: (project) => applyProject(queryClient, project),
  })
}

export function useUpdateProject(projectId: ProjectId) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (change: UpdateProject) => api.patch(`/api/projects/${projectId}`, change, Project),
    onSuccess: (project) => applyProject(queryClient, project),
  })
}

/** `onRemoved` is called even when the socket told of the removal first and the screen that asked is gone. */
export function useRemoveProject(projectId: ProjectId, onRemoved: () => void) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => api.delete(`/api/projects/${projectId}`),
    onSuccess: () => {
      applyRemovedProject(queryClient, projectId)
      onRemoved()
    },
  })
}

export function useUpdateSession(sessionId: SessionId) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (change: UpdateSession) => api.patch(`/api/sessions/${sessionId}`, change, Session),
    onSuccess: (session) => applySession(queryClient, session),
  })
}

function byLastOpened(projects: Project[]): Project[] {
  const recency = (project: Project) => project.lastOpenedAt ?? project.createdAt
  return [...projects].sort((a, b) => recency(b).localeCompare(recency(a)))
}

function firstPage(): string | null {
  return null
}
