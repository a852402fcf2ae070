import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Check, fail, failIfAny, type Finding, notApplicable, pass, unseen, warn } from '../check.ts'
import type { Installation } from '../installation.ts'
import { nodeFault } from '../node-releases.ts'
import { shellWord } from '../place.ts'
import { runTool } from '../probe/run-tool.ts'

const DAY_MS = 86_400_000
const OLD_DAYS = 180
const SKEW_MS = 60_000

export const HOST_CHECKS: readonly Check[] = [
  {
    id: 'host-settings',
    area: 'host',
    title: 'Doctor sees the settings that are in force',
    severity: 'medium',
    why: 'Where the server was started with other settings, what is said of them here may be wrong.',
    fix: ({ place }) => ({
      text: 'Run doctor as the user of the server, or look at the page "Security" in the app.',
      command: place.product('doctor'),
    }),
    references: { guide: ['ongoing-3'] },
    look: ({ isOwnConfig, server }) => {
      if (server === null) return warn('No server runs; these are the settings that one started from here would have.')
      return isOwnConfig
        ? pass('They were read from the server itself.')
        : warn('The environment of the server cannot be read from here; these are the settings that one started from here would have.')
    },
  },
  {
    id: 'host-node',
    area: 'host',
    title: 'Node has the security fixes that are known',
    severity: 'high',
    why: 'Node parses everything that strangers send, before the product sees it.',
    fix: ({ packageRoot, place }) => ({
      text: 'Update the product, which brings its Node along, or install the newest Node 24.',
      command: `npm --prefix ${packageRoot} update && ${place.restart}`,
    }),
    references: { guide: ['ongoing-2'], asvs: ['15.1.1', '15.2.1'] },
    look: ({ nodeVersion }) => {
      if (nodeVersion === null) return unseen('the version of the server’s Node cannot be found out from here.')
      const fault = nodeFault(nodeVersion)
      return fault === null ? pass(`Node ${nodeVersion.slice(1)}.`) : fail(`${fault}.`)
    },
  },
  {
    id: 'host-updates',
    area: 'host',
    title: 'The product was updated within half a year',
    severity: 'medium',
    why: 'Holes in the libraries that it stands on become known all the time. It does not call home, so nobody tells it.',
    fix: () => ({ text: 'Look for a newer version, and read its changes.', command: 'npm view ai-code-ui version time.modified' }),
    references: { guide: ['ongoing-2'], asvs: ['15.1.1', '15.2.1'] },
    look: lookAtAge,
  },
  {
    id: 'host-umask',
    area: 'host',
    title: 'New files are for the owner of the server alone',
    severity: 'medium',
    why: 'What libraries write by themselves is then private too.',
    fix: ({ place }) => ({ text: 'The server sets umask 0077 at its start. Start the present version.', command: place.restart }),
    references: { guide: ['before-4'], issue: ['storage-modes'] },
    needs: 'process',
    look: ({ process: server }) => {
      if (server?.umask == null) return unseen('the umask of the server cannot be seen on this system.')
      const text = `The umask of the server is ${server.umask.toString(8).padStart(4, '0')}.`
      return (server.umask & 0o077) === 0o077 ? pass(text) : fail(text)
    },
  },
  {
    id: 'host-core-dumps',
    area: 'host',
    title: 'A crash leaves no image of memory behind',
    severity: 'medium',
    why: 'The memory of the server holds keys; a core file would put them on the disk.',
    fix: ({ place, process: server }) =>
      place.manager.kind === 'systemd'
        ? { text: 'Set LimitCORE=0 in the unit.', command: coreCommand(place.manager.unit, place.restart) }
        : {
            text: 'Set the limit to 0 before the server starts.',
            command: server === null ? 'ulimit -c 0' : `sudo prlimit --pid ${String(server.pid)} --core=0:0`,
          },
    references: { guide: ['before-4'], issue: ['vault-keys'], asvs: ['14.2.4'] },
    needs: 'process',
    look: lookAtCore,
  },
  {
    id: 'host-inspector',
    area: 'host',
    title: 'The Node inspector is closed',
    severity: 'critical',
    why: 'Whoever reaches the inspector runs code inside the server, with all its keys.',
    fix: ({ place }) => ({ text: 'Take --inspect out of the command and of NODE_OPTIONS.', command: place.setting('NODE_OPTIONS', '') }),
    references: { issue: ['agents-inspector'], asvs: ['13.4.2'] },
    needs: 'process',
    look: lookAtInspector,
  },
  {
    id: 'host-clock',
    area: 'host',
    title: 'The clock is right',
    severity: 'medium',
    why: 'Codes of authenticator apps, the end of tokens and the times in the audit log go by it.',
    fix: () => ({ text: 'Let the system set its clock over the network.', command: 'sudo timedatectl set-ntp true' }),
    references: { guide: ['ongoing-1', 'ongoing-4'], asvs: ['16.2.2'] },
    look: lookAtClock,
  },
  {
    id: 'host-service',
    area: 'host',
    title: 'The service is hardened',
    severity: 'medium',
    why: 'What breaks out of the server must find nothing to go on with.',
    fix: ({ place, packageRoot }) => ({
      text: 'Use the unit that comes with the product.',
      command: `sudo install -m 644 ${shellWord(join(packageRoot, 'deploy/systemd/ai-code-ui.service'))} /etc/systemd/system/ && sudo systemctl daemon-reload && ${place.restart}`,
    }),
    references: { guide: ['before-5'], asvs: ['13.2.2'] },
    look: lookAtService,
  },
  {
    id: 'host-container',
    area: 'host',
    title: 'The container is closed: not root, read-only, limited',
    severity: 'medium',
    why: 'What breaks out of the server must find nothing to go on with.',
    fix: () => ({
      text: 'Use the compose file that comes with the product (deploy/): user, read_only, cap_drop, no-new-privileges, limits.',
      command: null,
    }),
    references: { guide: ['before-5'], asvs: ['13.2.2'] },
    look: lookAtContainer,
  },
]

async function lookAtAge({ packageRoot, version, now }: Installation): Promise<Finding> {
  const { mtimeMs } = await stat(join(packageRoot, 'package.json'))
  const days = Math.floor((now.getTime() - mtimeMs) / DAY_MS)
  const seen = `Version ${version} was installed ${String(Math.max(0, days))} days ago.`
  return days > OLD_DAYS ? warn(seen) : pass(seen)
}

async function lookAtCore({ process: server }: Installation): Promise<Finding> {
  if (server?.coreLimit == null) return unseen('the limit cannot be seen on this system.')
  if (server.coreLimit === 0) return pass('The limit of core files is 0.')
  const pattern = (await readOrEmpty('/proc/sys/kernel/core_pattern')).trim()
  // The kernel gives what is piped no regard to the limit, and a file one that is cut off at it.
  return warn(
    `Core files may be ${Number.isFinite(server.coreLimit) ? `${String(server.coreLimit)} bytes long` : 'as long as the memory'} (${pattern.slice(0, 60) || 'core'}).`,
  )
}

function lookAtInspector({ process: server }: Installation): Finding {
  if (server === null) return unseen('no server runs.')
  const opening = /^--(inspect|debug)/
  const words = [...server.command.slice(1), ...(server.environment?.NODE_OPTIONS ?? '').split(/\s+/)]
  const opened = words.filter((word) => opening.test(word))
  return failIfAny(
    opened.map((word) => `it was started with ${word.split('=')[0] ?? word}`),
    'It was not started with --inspect.',
  )
}

async function lookAtClock({ database, now }: Installation): Promise<Finding> {
  const newest = await database
    ?.selectFrom('audit_log')
    .select(({ fn }) => fn.max('at').as('at'))
    .executeTakeFirst()
  if (newest?.at && Date.parse(newest.at) - now.getTime() > SKEW_MS)
    return fail(`It is ${now.toISOString().slice(0, 16)} UTC, and the audit log has an entry from ${newest.at.slice(0, 16)} UTC.`)
  const answer = await runTool('timedatectl', ['show', '--property=NTPSynchronized', '--value'])
  if (answer?.trim() === 'yes') return pass('The system says that its clock is synchronised.')
  if (answer?.trim() === 'no') return warn('The system says that its clock is not synchronised.')
  return unseen('nothing here tells whether the clock is synchronised.')
}

async function lookAtService({ place: { manager } }: Installation): Promise<Finding> {
  if (manager.kind !== 'systemd') return notApplicable('It is no service of systemd.')
  const scope = manager.isUser ? ['--user'] : []
  const shown = await runTool('systemctl', [...scope, 'show', manager.unit, `--property=${SERVICE_PROPERTIES.join(',')}`])
  return shown === null ? unseen('systemctl does not tell of the unit.') : judgeService(shown)
}

const SERVICE_PROPERTIES = ['NoNewPrivileges', 'ProtectSystem', 'PrivateDevices', 'MemoryMax', 'TasksMax']

/** @param shown what `systemctl show` prints: a property and its value on each line */
export function judgeService(shown: string): Finding {
  const values = new Map(
    shown.split('\n').map((line): [string, string] => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  )
  const isOff = (name: string) => ['', 'no', 'infinity'].includes(values.get(name) ?? '')
  const off = SERVICE_PROPERTIES.filter(isOff)
  return off.length > 0 ? warn(`Not set in the unit: ${off.join(', ')}.`) : pass(`The unit sets ${SERVICE_PROPERTIES.join(', ')}.`)
}

async function lookAtContainer({ place, process: server }: Installation): Promise<Finding> {
  if (place.manager.kind !== 'container') return notApplicable('It runs in no container.')
  const wrong = [...(await openingsOf(server)), ...(await missingLimits())]
  return wrong.length > 0 ? warn(`${wrong.join('; ')}.`) : pass('Not root, read-only, no new privileges, limits on memory and processes.')
}

async function openingsOf(server: Installation['process']): Promise<string[]> {
  const status = await readOrEmpty(`/proc/${String(server?.pid ?? 'self')}/status`)
  const mounts = await readOrEmpty('/proc/self/mounts')
  return [
    ...(server?.uid === 0 ? ['it runs as root'] : []),
    ...(/^\S+ \/ \S+ ro[, ]/m.test(mounts) ? [] : ['its file system can be written to']),
    ...(/^NoNewPrivs:\s+1/m.test(status) ? [] : ['it may gain rights (no-new-privileges is off)']),
  ]
}

async function missingLimits(): Promise<string[]> {
  const [memory, processes] = await Promise.all(['memory.max', 'pids.max'].map((name) => isUnlimited(`/sys/fs/cgroup/${name}`)))
  return [...(memory ? ['its memory has no limit'] : []), ...(processes ? ['its processes have no limit'] : [])]
}

async function isUnlimited(path: string): Promise<boolean> {
  return ['', 'max'].includes((await readOrEmpty(path)).trim())
}

function coreCommand(unit: string, restart: string): string {
  const folder = `/etc/systemd/system/${unit}.d`
  return `sudo mkdir -p ${folder} && printf '[Service]\\nLimitCORE=0\\n' | sudo tee ${folder}/core.conf && sudo systemctl daemon-reload && ${restart}`
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    // Not on this system.
    return ''
  }
}
