import type { AgentMode } from '#protocol/providers'
import { ForbiddenError, type Principal } from '../http/principal.ts'

/** Modes in which something is done that otherwise waits for somebody who may approve. */
const APPROVING_MODES: ReadonlySet<AgentMode> = new Set(['acceptEdits'])

/**
 * Whether the principal may put a session into a mode: who may not approve one call may not have all of them approved.
 * Asked wherever a mode is chosen: at a session's start, at its change, and with a decision that names the next one.
 * Skipping approvals is for {@link SkipPermission} to allow.
 * @throws ForbiddenError
 */
export function checkModeAllowed({ scopes, credential, user }: Principal, mode: AgentMode): void {
  if (!APPROVING_MODES.has(mode) || scopes.has('approve')) return
  throw new ForbiddenError(
    credential.kind === 'api-key'
      ? `The mode "${mode}" approves by itself, and this API key does not have the scope "approve". Choose another mode, or a key that has it.`
      : `The mode "${mode}" approves by itself, which your role here (${user.role}) does not allow. Choose another mode.`,
  )
}
