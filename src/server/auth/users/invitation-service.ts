import type { Kysely } from 'kysely'
import { InvitationId, UserId } from '#protocol/ids'
import type { AcceptInvitation, CreatedInvitation, CreateInvitation, InspectedInvitation, Invitation } from '#protocol/users'
import { recordAudit } from '../../platform/audit-log.ts'
import type { Clock } from '../../platform/clock.ts'
import { newId } from '../../platform/new-id.ts'
import type { Tables } from '../../platform/schema.ts'
import { AuthRepository } from '../auth-repository.ts'
import { type Client, clientIn, type Visitor } from '../client.ts'
import type { LoginService, SignedIn } from '../logins/login-service.ts'
import type { Passwords } from '../passwords/passwords.ts'
import { nameSkeleton } from '../name-skeleton.ts'
import { randomToken, sha256 } from '../random-token.ts'
import { newUser } from '../sign-in/sign-in-service.ts'
import type { LoginThrottle } from '../throttle/login-throttle.ts'
import { usernameKey } from '../username-key.ts'
import { InvitationRepository, type InvitationRow } from './invitation-repository.ts'
import {
  InvitationNotFoundError,
  InvitationRefusedError,
  LookAlikeNameError,
  NameTakenError,
  TooManyInvitationsError,
} from './user-errors.ts'
import { UserRepository } from './user-repository.ts'
import type { Manager } from './user-service.ts'

const MAX_OPEN = 50
const HOUR_MS = 3_600_000
const KEPT_MS = 30 * 24 * HOUR_MS

export interface InvitationServiceDeps {
  database: Kysely<Tables>
  clock: Clock
  logins: LoginService
  passwords: Passwords
  throttle: LoginThrottle
}

/** How others get an account: a code of 32 random bytes, good once, of which only the hash is kept. */
export class InvitationService {
  readonly #deps: InvitationServiceDeps

  constructor(deps: InvitationServiceDeps) {
    this.#deps = deps
  }

  /** Those that can still be accepted, newest first: never more than {@link MAX_OPEN}. */
  async list(): Promise<Invitation[]> {
    const { database, clock } = this.#deps
    return (await new InvitationRepository(database).listOpen(clock.now().toISOString())).map(toInvitation)
  }

  /** @throws TooManyInvitationsError */
  async create({ role, hours }: CreateInvitation, { principal, client }: Manager): Promise<CreatedInvitation> {
    const { database, clock } = this.#deps
    const at = clock.now()
    const code = randomToken()
    const row = {
      id: InvitationId.parse(newId('inv')),
      hash: sha256(code),
      role,
      created_by: principal.user.id,
      created_at: at.toISOString(),
      expires_at: new Date(at.getTime() + hours * HOUR_MS).toISOString(),
      used_at: null,
      used_by: null,
      revoked_at: null,
    }
    await database.transaction().execute(async (transaction) => {
      const invitations = new InvitationRepository(transaction)
      await invitations.prune(new Date(at.getTime() - KEPT_MS).toISOString())
      if ((await invitations.listOpen(at.toISOString())).length >= MAX_OPEN) throw new TooManyInvitationsError(MAX_OPEN)
      await invitations.insert(row)
      const details = { role, expiresAt: row.expires_at }
      await recordAudit(transaction, { at, actor: principal.user.username, action: 'user.invited', subject: row.id, ...client, details })
    })
    return { ...toInvitation(row), code }
  }

  /** @throws InvitationNotFoundError */
  async revoke(id: InvitationId, { principal, client }: Manager): Promise<void> {
    const { database, clock } = this.#deps
    const at = clock.now()
    await database.transaction().execute(async (transaction) => {
      if (!(await new InvitationRepository(transaction).revoke(id, at.toISOString()))) throw new InvitationNotFoundError()
      await recordAudit(transaction, { at, actor: principal.user.username, action: 'user.invitation_revoked', subject: id, ...client })
    })
  }

  /** What the page shows before anything is typed. @throws InvitationRefusedError | TooManyAttemptsError */
  async inspect(code: string, visitor: Visitor): Promise<InspectedInvitation> {
    const { role, username, expires_at: expiresAt } = await this.#admit(code, visitor)
    return { role, invitedBy: username, expiresAt }
  }

  /**
   * Makes the account and signs it in. The invitation stays good until an account was made with it.
   * @throws InvitationRefusedError | NameTakenError | LookAlikeNameError | PasswordRejectedError | TooManyAttemptsError
   */
  async accept({ code, username, password }: AcceptInvitation, visitor: Visitor): Promise<SignedIn> {
    const { database, passwords, logins } = this.#deps
    const client = clientIn(visitor)
    await this.#admit(code, visitor)
    await requireFreeName(database, username)
    await passwords.checkNew(password, { username, userId: null })
    const passwordHash = await passwords.hash(password)
    const userId = UserId.parse(newId('usr'))
    // Everything is looked at again in the transaction: of those who come at once, one gets the account.
    await database.transaction().execute((transaction) => this.#makeUser(transaction, { code, userId, username, passwordHash, client }))
    return logins.open(userId, client, 'invitation')
  }

  async #makeUser(
    transaction: Kysely<Tables>,
    { code, client, ...wanted }: { code: string; userId: UserId; username: string; passwordHash: string; client: Client },
  ): Promise<void> {
    const at = this.#deps.clock.now()
    const now = at.toISOString()
    const { userId, username, passwordHash } = wanted
    const invitations = new InvitationRepository(transaction)
    const invitation = await invitations.findOpen(sha256(code), now)
    if (!invitation || !(await invitations.use(invitation.id, userId, now))) throw new InvitationRefusedError()
    await requireFreeName(transaction, username)
    const { role } = invitation
    const user = newUser({ id: userId, username, passwordHash, role, at })
    await new AuthRepository(transaction).insertUser(user)
    const details = { invitation: invitation.id, invitedBy: invitation.username, role }
    await recordAudit(transaction, { at, actor: user.username, action: 'user.invitation_accepted', subject: userId, ...client, details })
  }

  /** The open invitation of a code. A code that is none counts as a guess from its address. */
  async #admit(code: string, visitor: Visitor): Promise<InvitationRow> {
    const { database, clock, throttle } = this.#deps
    const admission = await throttle.admit({ ...clientIn(visitor), account: null, deviceToken: null })
    const at = clock.now()
    const invitation = await new InvitationRepository(database).findOpen(sha256(code), at.toISOString())
    if (!invitation) {
      await recordAudit(database, { at, actor: 'unknown', action: 'user.invitation_refused', ...clientIn(visitor) })
      throw new InvitationRefusedError()
    }
    // No more than that: whoever holds a code must not be able to wipe out earlier failures of the address.
    await admission.refund()
    return invitation
  }
}

/** Nor may it look like one, in whatever alphabet. @throws NameTakenError | LookAlikeNameError */
async function requireFreeName(db: Kysely<Tables>, username: string): Promise<void> {
  if (await new AuthRepository(db).findUserByKey(usernameKey(username))) throw new NameTakenError()
  const skeleton = nameSkeleton(username)
  const names = await new UserRepository(db).names()
  if (names.some((name) => nameSkeleton(name) === skeleton)) throw new LookAlikeNameError()
}

function toInvitation(row: Pick<InvitationRow, 'id' | 'role' | 'created_at' | 'expires_at'>): Invitation {
  return { id: row.id, role: row.role, createdAt: row.created_at, expiresAt: row.expires_at }
}
