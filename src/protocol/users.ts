import * as z from 'zod/mini'
import { Password, Role, User, Username } from './auth.ts'
import { InvitationId, Timestamp } from './ids.ts'

/** A user as the owner sees them. */
export const ManagedUser = z.extend(User, {
  disabledAt: z.nullable(Timestamp),
  /** Whether a second factor is set up. */
  secondFactor: z.boolean(),
  /** How many devices are signed in. */
  logins: z.number(),
})
export type ManagedUser = z.infer<typeof ManagedUser>

/** `PATCH /api/users/:userId`. */
export const UpdateUser = z.strictObject({ role: z.optional(Role), disabled: z.optional(z.boolean()) })
export type UpdateUser = z.infer<typeof UpdateUser>

export const Invitation = z.object({
  id: InvitationId,
  role: Role,
  createdAt: Timestamp,
  expiresAt: Timestamp,
})
export type Invitation = z.infer<typeof Invitation>

/** `POST /api/users/invitations`. */
export const CreateInvitation = z.strictObject({
  role: z.enum(['member', 'viewer']),
  /** 1 to 168. */
  hours: z._default(z.number().check(z.int(), z.minimum(1), z.maximum(168)), 72),
})
export type CreateInvitation = z.infer<typeof CreateInvitation>

/** Shown once. The link is the page's address with `#invite=<code>`, so that the code reaches no server log. */
export const CreatedInvitation = z.extend(Invitation, { code: z.string() })
export type CreatedInvitation = z.infer<typeof CreatedInvitation>

const Code = z.string().check(z.minLength(1, 'is required'), z.maxLength(128))

/** `POST /api/auth/invitations/inspect` (public). */
export const InspectInvitation = z.strictObject({ code: Code })
export const InspectedInvitation = z.object({ role: Role, invitedBy: z.string(), expiresAt: Timestamp })
export type InspectedInvitation = z.infer<typeof InspectedInvitation>

/** `POST /api/auth/invitations/accept` (public). */
export const AcceptInvitation = z.strictObject({ code: Code, username: Username, password: Password })
export type AcceptInvitation = z.infer<typeof AcceptInvitation>
