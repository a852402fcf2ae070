import * as z from 'zod/mini'
import { ChallengeId, PasskeyId, Timestamp } from './ids.ts'

/** A WebAuthn ceremony's JSON (W3C WebAuthn Level 3, section 5.1.8 and 5.1.9); its content is checked by the library. */
const CeremonyJson = z.record(z.string(), z.unknown())

/** Options for `navigator.credentials`, and the name under which the answer comes back within 5 minutes. */
export const PasskeyChallenge = z.object({ challengeId: ChallengeId, options: CeremonyJson })
export type PasskeyChallenge = z.infer<typeof PasskeyChallenge>

/** What the authenticator answered. */
export const PasskeyAnswer = z.strictObject({ challengeId: ChallengeId, response: CeremonyJson })
export type PasskeyAnswer = z.infer<typeof PasskeyAnswer>

/** A second factor as a form can ask for it. */
export const FactorKind = z.enum(['totp', 'recovery-code', 'passkey'])
export type FactorKind = z.infer<typeof FactorKind>

/** `details` of 401 TOTP_REQUIRED: the password was right, one of these is needed too. */
export const FactorRequest = z.object({
  factors: z.array(FactorKind),
  /** Present where a passkey would do. */
  passkey: z.optional(PasskeyChallenge),
})
export type FactorRequest = z.infer<typeof FactorRequest>

export const Passkey = z.object({
  id: PasskeyId,
  name: z.string(),
  /** The host name that it works for. */
  rpId: z.string(),
  /** True where the passkey is synchronised between devices, as far as the authenticator tells. */
  backedUp: z.boolean(),
  createdAt: Timestamp,
  lastUsedAt: z.nullable(Timestamp),
})
export type Passkey = z.infer<typeof Passkey>

/** `GET /api/auth/factors`. */
export const FactorOverview = z.object({
  totp: z.nullable(z.object({ enabledAt: Timestamp })),
  recoveryCodesLeft: z.number(),
  passkeys: z.array(Passkey),
  /** Whether passkeys can be made under the address that the request came to: HTTPS or localhost, and a name. */
  canAddPasskey: z.boolean(),
  /** Until when this login counts as freshly proven; null where it does not. */
  freshUntil: z.nullable(Timestamp),
  /** What a step-up takes: the second factors where there are any, else the password. */
  stepUp: z.array(z.enum(['password', 'totp', 'recovery-code', 'passkey'])),
})
export type FactorOverview = z.infer<typeof FactorOverview>

/** `POST /api/auth/factors/totp`: not in force until a code confirmed it. */
export const TotpEnrolment = z.object({
  /** Base32, for typing. */
  secret: z.string(),
  /** `otpauth://totp/…`, for the QR code. */
  uri: z.string(),
})
export type TotpEnrolment = z.infer<typeof TotpEnrolment>

/** Six digits of an authenticator app; spaces do not matter. */
export const TotpCode = z.strictObject({ code: z.string().check(z.minLength(1, 'is required'), z.maxLength(32)) })

/** Shown once; each works once. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })
export type RecoveryCodes = z.infer<typeof RecoveryCodes>

/** Shown in notices and the audit log, so nothing that could make it read as something else. */
const PasskeyName = z
  .string()
  .check(z.trim(), z.minLength(1, 'is required'), z.maxLength(60), z.regex(/^[^\p{C}]*$/u, 'must not have control characters'))
export const AddPasskey = z.strictObject({ challengeId: ChallengeId, response: CeremonyJson, name: PasskeyName })
export type AddPasskey = z.infer<typeof AddPasskey>
export const RenamePasskey = z.strictObject({ name: PasskeyName })

/** `POST /api/auth/step-up`: one of the three. `code` is a TOTP code or a recovery code. */
export const StepUpRequest = z.strictObject({
  password: z.optional(z.string().check(z.minLength(1, 'is required'), z.maxLength(1024))),
  code: z.optional(z.string().check(z.minLength(1, 'is required'), z.maxLength(32))),
  passkey: z.optional(PasskeyAnswer),
})
export type StepUpRequest = z.infer<typeof StepUpRequest>

export const Freshness = z.object({ freshUntil: Timestamp })
export type Freshness = z.infer<typeof Freshness>
