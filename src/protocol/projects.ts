import * as z from 'zod/mini'
import { ProjectId, Timestamp } from './ids.ts'

export const Project = z.object({
  id: ProjectId,
  name: z.string(),
  /** Absolute path of the folder, links resolved. */
  path: z.string(),
  createdAt: Timestamp,
  lastOpenedAt: z.nullable(Timestamp),
  /** False when the folder is gone or is no folder any more. */
  available: z.boolean(),
  /** Whether agents may load what the folder brings for them (settings, hooks, MCP servers, instructions). */
  trusted: z.boolean(),
  /** Seconds that a request of its agents waits for a person; 0: as long as the session lives; null: the server's setting. */
  approvalTimeoutSeconds: z._default(z.nullable(z.int()), null),
})
export type Project = z.infer<typeof Project>

const ProjectName = z.string().check(z.trim(), z.minLength(1, 'is required'), z.maxLength(120))

export const CreateProject = z.strictObject({
  path: z.string().check(z.minLength(1, 'is required'), z.maxLength(4096)),
  name: z.optional(ProjectName),
})
export type CreateProject = z.infer<typeof CreateProject>

const ApprovalTimeout = z.int().check(
  z.minimum(0),
  z.maximum(86_400),
  z.refine((seconds) => seconds === 0 || seconds >= 10, 'must be 0 or at least 10'),
)

export const UpdateProject = z.strictObject({
  name: z.optional(ProjectName),
  trusted: z.optional(z.boolean()),
  /** 0: no limit; null: the server's setting; else at least ten seconds and at most a day. For owners. */
  approvalTimeoutSeconds: z.optional(z.nullable(ApprovalTimeout)),
})
export type UpdateProject = z.infer<typeof UpdateProject>

/** One level of the folder picker, `GET /api/folders?path=`; without a path it lists the workspace roots themselves. */
export const FolderListing = z.object({
  /** Absolute; null for the list of roots. */
  path: z.nullable(z.string()),
  /** The folder above, null at a root. */
  parent: z.nullable(z.string()),
  folders: z.array(z.object({ name: z.string(), path: z.string(), isGitRepository: z.boolean() })),
  /** True when there were more folders than are listed. */
  truncated: z.boolean(),
})
export type FolderListing = z.infer<typeof FolderListing>
