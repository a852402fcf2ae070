import * as z from 'zod/mini'
import { ProjectId, ProviderId, RuleId, SessionId, Sha256, Timestamp, UserId } from './ids.ts'
import { PermissionMode } from './providers.ts'

/** Deny beats ask beats allow. */
export const PolicyDecision = z.enum(['allow', 'ask', 'deny'])
export type PolicyDecision = z.infer<typeof PolicyDecision>

/**
 * What holds where no rule says otherwise. `read-only`: what provably only reads inside the project is allowed, all else
 * is denied. `careful`: the same reading is allowed, all else is asked. `trusting`: edits inside the project and commands
 * are allowed unless they are high risk; only in a sandbox.
 */
export const PolicyPreset = z.enum(['read-only', 'careful', 'trusting'])
export type PolicyPreset = z.infer<typeof PolicyPreset>

const Pattern = z.string().check(z.minLength(1, 'is empty'), z.maxLength(1000))
const Patterns = z.optional(z.array(Pattern).check(z.minLength(1, 'is empty'), z.maxLength(50)))

/** One exact call, for a rule that covers nothing else. */
export const ExactCall = z.strictObject({
  /** SHA-256 of the canonical JSON of tool, input and working directory. */
  callHash: Sha256,
  /** Files that the call names, as they were: a script that changed since is asked again. */
  files: z.array(z.strictObject({ path: z.string(), sha256: z.nullable(Sha256) })).check(z.maxLength(50)),
})
export type ExactCall = z.infer<typeof ExactCall>

/** What a call must be like for a rule to speak of it: everything that is given here. */
export const RuleMatch = z.strictObject({
  /**
   * Exact tool names; `mcp__<server>__*` stands for every tool of one server, `*` for every tool. No rule that allows covers
   * `mcp__a__b__x` by `mcp__a__*`: it may be a tool of the server `a__b`.
   */
  tools: Patterns,
  /**
   * Shape of a command, in words: `git log *`. `*` is one word, `**` at the end any number of words. A command line is
   * allowed where each simple command in it is covered by some rule, or only reads. Rules that ask or deny speak where
   * any command is, or may be, what they mean: behind wrappers, by any path, with other options in between.
   */
  command: z.optional(Pattern),
  /**
   * Globs (`*`, `**`, `?`) of paths, absolute or below the project, compared with real paths; `folder/` is all in it. Rules
   * that ask or deny also look at paths as they are given, without regard to case, and at all that lies below.
   */
  paths: Patterns,
  /**
   * Host names; `*.example.org` stands for those below, `host:8080` for that port. Without a port a rule that allows means
   * http and https at their own; rules that ask or deny mean any, and speak where a command only mentions the name.
   */
  domains: Patterns,
  provider: z.optional(ProviderId),
  modes: z.optional(z.array(PermissionMode).check(z.minLength(1), z.maxLength(10))),
  exact: z.optional(ExactCall),
})
export type RuleMatch = z.infer<typeof RuleMatch>

/** Where a rule holds. */
export const RuleScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('global') }),
  z.strictObject({ kind: z.literal('user'), userId: UserId }),
  /** With a user: a person's own rule in a project, which holds for their sessions alone. */
  z.strictObject({ kind: z.literal('project'), projectId: ProjectId, userId: z.optional(UserId) }),
  z.strictObject({
    kind: z.literal('session'),
    sessionId: SessionId,
    /** Whose session it is, where the rule came from a decision of theirs. */
    userId: z.optional(UserId),
    /** Gone when the session's turn ends; without it, when the session is removed. */
    until: z.optional(z.literal('turn-end')),
  }),
])
export type RuleScope = z.infer<typeof RuleScope>

export const PolicyRule = z.strictObject({
  id: RuleId,
  decision: PolicyDecision,
  scope: RuleScope,
  match: RuleMatch,
  /** Why, in a person's words. */
  reason: z.string().check(z.maxLength(500)),
  /** Null: for good. */
  expiresAt: z.nullable(Timestamp),
  /** Who made it, by name, and when. Set by the server. */
  author: z.string().check(z.maxLength(100)),
  createdAt: Timestamp,
})
export type PolicyRule = z.infer<typeof PolicyRule>

/** `GET /api/policy`. */
export const Policy = z.object({
  /** Counts up with each change; `PUT` names the one it started from. */
  version: z.int(),
  preset: PolicyPreset,
  rules: z.array(PolicyRule),
  /** Presets that may be chosen here; `trusting` needs a sandbox. */
  presets: z.array(PolicyPreset),
})
export type Policy = z.infer<typeof Policy>

/** A rule as it is sent: without an id it is new; author and creation are the server's to set. */
export const RuleDraft = z.strictObject({
  id: z.optional(RuleId),
  decision: PolicyDecision,
  scope: RuleScope,
  match: RuleMatch,
  reason: z._default(z.string().check(z.maxLength(500)), ''),
  expiresAt: z._default(z.nullable(Timestamp), null),
  /** Accepted from a document that was read before, and ignored. */
  author: z.optional(z.string()),
  createdAt: z.optional(z.string()),
})
export type RuleDraft = z.infer<typeof RuleDraft>

/** `PUT /api/policy`: the whole document. 409 `STALE_VERSION` when it was changed since `version`. */
export const ReplacePolicy = z.strictObject({
  version: z.int(),
  preset: PolicyPreset,
  rules: z.array(RuleDraft).check(z.maxLength(2000)),
  presets: z.optional(z.array(z.string())),
})
export type ReplacePolicy = z.infer<typeof ReplacePolicy>

/** `POST /api/policy/test`. */
export const PolicyTest = z.strictObject({
  toolName: z.string().check(z.minLength(1, 'is required'), z.maxLength(200)),
  toolInput: z.record(z.string(), z.unknown()),
  projectId: ProjectId,
  provider: z.optional(ProviderId),
  mode: z.optional(PermissionMode),
})
export type PolicyTest = z.infer<typeof PolicyTest>

/** What the policy says of a call, and why. */
export const PolicyVerdict = z.object({
  decision: PolicyDecision,
  /** The rule that decided; null where the preset or the shape of the call did. */
  rule: z.nullable(PolicyRule),
  /** One or two sentences for a person. */
  explanation: z.string(),
})
export type PolicyVerdict = z.infer<typeof PolicyVerdict>

/** `POST /api/policy/replay`. */
export const ReplayRule = z.strictObject({ rule: RuleDraft, projectId: ProjectId })
export type ReplayRule = z.infer<typeof ReplayRule>

/** What a rule would have decided over past calls of a project. */
export const RuleReplay = z.object({
  /** How many past calls were looked at. */
  calls: z.int(),
  covered: z.int(),
  /** How many of the covered ones a person denied. */
  deniedCount: z.int(),
  /** Those, at most 20, newest first. */
  denied: z.array(z.object({ at: Timestamp, toolName: z.string(), title: z.string() })),
})
export type RuleReplay = z.infer<typeof RuleReplay>
