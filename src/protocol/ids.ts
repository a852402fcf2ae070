import * as z from 'zod/mini'

/** Every id on the wire: opaque, 1 to 128 characters of the URL-safe alphabet (contract, head). */
const OpaqueId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be 1 to 128 letters, digits, "_" or "-"'))

export const UserId = OpaqueId.brand<'UserId'>()
export type UserId = z.infer<typeof UserId>

/** One login (device); the `sid` of its access tokens. */
export const LoginId = OpaqueId.brand<'LoginId'>()
export type LoginId = z.infer<typeof LoginId>

/** A notice about the account. */
export const NoticeId = OpaqueId.brand<'NoticeId'>()
export type NoticeId = z.infer<typeof NoticeId>

/** A passkey by our own id; the authenticator's credential id may be longer than ids here are. */
export const PasskeyId = OpaqueId.brand<'PasskeyId'>()
export type PasskeyId = z.infer<typeof PasskeyId>

/** One WebAuthn ceremony that is under way. */
export const ChallengeId = OpaqueId.brand<'ChallengeId'>()
export type ChallengeId = z.infer<typeof ChallengeId>

export const ApiKeyId = OpaqueId.brand<'ApiKeyId'>()
export type ApiKeyId = z.infer<typeof ApiKeyId>

export const InvitationId = OpaqueId.brand<'InvitationId'>()
export type InvitationId = z.infer<typeof InvitationId>

/** A rule of the policy. */
export const RuleId = OpaqueId.brand<'RuleId'>()
export type RuleId = z.infer<typeof RuleId>

export const ProjectId = OpaqueId.brand<'ProjectId'>()
export type ProjectId = z.infer<typeof ProjectId>

export const SessionId = OpaqueId.brand<'SessionId'>()
export type SessionId = z.infer<typeof SessionId>

export const TurnId = OpaqueId.brand<'TurnId'>()
export type TurnId = z.infer<typeof TurnId>

/** A prompt's id: a UUID, since agents demand one. */
export const MessageId = OpaqueId.brand<'MessageId'>()
export type MessageId = z.infer<typeof MessageId>

export const ToolCallId = OpaqueId.brand<'ToolCallId'>()
export type ToolCallId = z.infer<typeof ToolCallId>

/** An approval request's id: a random UUID made by the server. */
export const RequestId = OpaqueId.brand<'RequestId'>()
export type RequestId = z.infer<typeof RequestId>

/** The caller's own id of a request it sends; the same one sent twice is done once. */
export const ClientId = OpaqueId.brand<'ClientId'>()
export type ClientId = z.infer<typeof ClientId>

/** A provider's short name: `claude`, `codex`, or an ACP agent's. */
export const ProviderId = OpaqueId.brand<'ProviderId'>()
export type ProviderId = z.infer<typeof ProviderId>

/** Lower-case hex of a SHA-256. */
export const Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'))

/** A point in time on the wire: ISO 8601, UTC, milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 })

/** Number of an event within its session: 1, 2, 3 … without a gap. */
export const Seq = z.int().check(z.nonnegative())
