import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { CagedCommand } from './cage.ts'

/** A user of this machine whom agents run as. */
export interface AgentUser {
  name: string
  uid: number
  /** The group that they are in by themselves, which may have another name, as with `nobody`. */
  gid: number
  home: string
}

const run = promisify(execFile)

/** Looks a user up; null where there is none of that name. */
export async function findUser(name: string): Promise<AgentUser | null> {
  try {
    const { stdout } = await run('getent', ['passwd', '--', name])
    const [found, , uid, gid, , home] = stdout.trim().split(':')
    return found && uid && gid && home ? { name: found, uid: Number(uid), gid: Number(gid), home } : null
  } catch {
    return null
  }
}

/** The command that starts another one as this user, with the groups that they are in and no way back. */
export function asUser(user: AgentUser, { command, args }: CagedCommand): CagedCommand {
  const options = [`--reuid=${user.name}`, `--regid=${String(user.gid)}`, '--init-groups', '--no-new-privs', '--inh-caps=-all']
  return { command: 'setpriv', args: [...options, '--', command, ...args] }
}
