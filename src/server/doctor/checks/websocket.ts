import { type Check, fail, type Finding, notApplicable, pass, unseen } from '../check.ts'
import type { Installation } from '../installation.ts'
import { unsignedToken } from '../probe/forged-token.ts'

const update = ({ place }: Installation) => ({
  text: 'The server refuses this by itself before the upgrade. Start the present version, and look at what a proxy in front rewrites.',
  command: place.restart,
})

export const WEBSOCKET_CHECKS: readonly Check[] = [
  {
    id: 'websocket-origin',
    area: 'websocket',
    title: 'Sockets of other sites are refused before the upgrade',
    severity: 'critical',
    why: 'Browsers let every page open a socket to you; only the server can tell whose page it is (cross-site WebSocket hijacking).',
    fix: update,
    references: { guide: ['before-3'], issue: ['ws-before-upgrade'], asvs: ['4.4.2'] },
    needs: 'server',
    look: (installation) =>
      expectRefusal(installation, 403, { what: 'A socket from a foreign origin', headers: { origin: 'https://doctor.invalid' } }),
  },
  {
    id: 'websocket-host',
    area: 'websocket',
    title: 'Sockets for a foreign host name are refused',
    severity: 'critical',
    why: 'DNS rebinding works for sockets as it does for requests.',
    fix: update,
    references: { issue: ['ws-before-upgrade'], asvs: ['4.1.4'] },
    needs: 'server',
    look: (installation) => expectRefusal(installation, 421, { what: 'A socket for a foreign host', headers: { host: 'doctor.invalid' } }),
  },
  {
    id: 'websocket-credential',
    area: 'websocket',
    title: 'Sockets without a credential are refused',
    severity: 'critical',
    why: 'Whoever has the socket prompts agents and decides what they may do.',
    fix: update,
    references: { guide: ['ongoing-4'], issue: ['ws-credentials'], asvs: ['4.4.3'] },
    needs: 'server',
    look: (installation) =>
      installation.config.platformMode
        ? notApplicable('Platform mode is on: there are no credentials. That has a check of its own.')
        : expectRefusal(installation, 401, { what: 'A socket without a credential' }),
  },
  {
    id: 'websocket-forged-token',
    area: 'websocket',
    title: 'Sockets with a forged token are refused',
    severity: 'critical',
    why: 'A token without a signature must open a socket as little as it opens a route.',
    fix: update,
    references: { guide: ['ongoing-4'], issue: ['ws-credentials'], asvs: ['9.1.2'] },
    needs: 'server',
    look: (installation) =>
      installation.config.platformMode
        ? notApplicable('Platform mode is on: tokens are not looked at.')
        : expectRefusal(installation, 401, {
            what: 'A socket with a token without a signature',
            path: `/ws?token=${unsignedToken('none')}`,
          }),
  },
]

interface Attempt {
  /** What it is, for the evidence. */
  what: string
  path?: string
  headers?: Record<string, string>
}

async function expectRefusal({ server }: Installation, wanted: number, { what, path = '/ws', headers = {} }: Attempt): Promise<Finding> {
  if (server === null) return unseen('no server runs.')
  const status = await server.upgrade(path, headers)
  if (status === wanted) return pass(`${what} was refused with ${String(status)} before the upgrade.`)
  return fail(status === 101 ? `${what} was opened.` : `${what} was answered with ${String(status)} instead of ${String(wanted)}.`)
}
