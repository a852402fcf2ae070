import { existsSync } from 'node:fs'
import type { CheckFix } from '#protocol/posture'
import { type Check, fail, failIfAny, type Finding, pass, unseen, warn } from '../check.ts'
import type { Installation } from '../installation.ts'
import { settingFix } from '../place.ts'
import { foldersAbove, modeText, seeFile } from '../probe/file-modes.ts'

export const AGENT_CHECKS: readonly Check[] = [
  {
    id: 'agents-isolation',
    area: 'agents',
    title: 'Agents cannot reach the keys of the server',
    severity: 'critical',
    why: 'An agent that reads the key of the database can make a token, and with it approve its own requests.',
    fix: isolationFix,
    references: { issue: ['agents-cage'], asvs: ['15.2.5'] },
    limitMs: 12_000,
    look: lookAtIsolation,
  },
  {
    id: 'agents-isolation-required',
    area: 'agents',
    title: 'Agents do not start where nothing keeps them from the keys',
    severity: 'low',
    why: 'An update of the system can take the cage away unnoticed.',
    fix: (installation) => settingFix(installation, 'Demand it.', 'AGENT_ISOLATION', 'required'),
    references: { issue: ['agents-cage'] },
    look: ({ config: { agentIsolation } }) =>
      agentIsolation === 'required'
        ? pass('AGENT_ISOLATION is "required".')
        : warn(`AGENT_ISOLATION is "${agentIsolation}": agents start all the same.`),
  },
  {
    id: 'agents-root',
    area: 'agents',
    title: 'Neither the server nor its agents run as root',
    severity: 'high',
    why: 'A mistake of an agent that runs as root is a mistake in the whole system.',
    fix: (installation) =>
      settingFix(installation, 'Run the server as a user of its own, or name a user for agents.', 'AGENT_USER', 'agents'),
    references: { issue: ['agents-cage'], asvs: ['15.2.5'] },
    needs: 'process',
    look: lookAtRoot,
  },
  {
    id: 'agents-environment',
    area: 'agents',
    title: 'Agents get none of the secrets of the server',
    severity: 'critical',
    why: 'What is in the environment of an agent is in everything that it starts.',
    fix: ({ place }) => ({
      text: 'Take the secret out of variables that agents get, and rotate it.',
      command: place.product('keys rotate --jwt'),
    }),
    references: { issue: ['agents-environment'], asvs: ['13.3.2'] },
    look: lookAtEnvironment,
  },
  {
    id: 'agents-limits',
    area: 'agents',
    title: 'Agents have limits',
    severity: 'medium',
    why: 'A command that starts processes without end would take the machine with it.',
    fix: (installation) =>
      settingFix(installation, 'Set a limit, and install util-linux where prlimit is missing.', 'AGENT_MAX_PROCESSES', '16384'),
    references: { issue: ['agents-limits'], asvs: ['15.2.2'] },
    look: lookAtLimits,
  },
  {
    id: 'agents-program',
    area: 'agents',
    title: 'Nobody else can change the agent’s program',
    severity: 'high',
    why: 'Whoever changes it acts in every session.',
    fix: ({ config: { claudeCliPath } }) => ({
      text: 'Take the right to write from others.',
      command: `chmod go-w ${claudeCliPath ?? 'FILE'}`,
    }),
    references: { guide: ['before-4'], issue: ['agents-cage'] },
    look: lookAtProgram,
  },
]

function isolationFix({ config: { agentIsolation }, place }: Installation): CheckFix {
  if (agentIsolation === 'off') return { text: 'Unset AGENT_ISOLATION.', command: place.setting('AGENT_ISOLATION', '') }
  if (place.manager.kind === 'container')
    return {
      text: 'Let agents run as another user than the server.',
      command: 'docker compose -f deploy/docker/compose.yaml -f deploy/docker/compose.agent-user.yaml up -d',
    }
  return { text: 'Install bubblewrap and start the server anew.', command: `sudo apt install bubblewrap && ${place.restart}` }
}

async function lookAtIsolation({ isolation }: Installation): Promise<Finding> {
  const { isolation: kind, explanation } = await isolation()
  return kind === 'none' ? fail(explanation) : pass(explanation)
}

function lookAtRoot({ config: { agentUser }, process: server }: Installation): Finding {
  if (server?.uid == null) return unseen('the user of the server cannot be seen from here.')
  if (server.uid !== 0) return pass(`The server runs as user ${String(server.uid)}.`)
  return agentUser === null ? fail('The server and its agents run as root.') : warn(`The server runs as root, agents as "${agentUser}".`)
}

function lookAtEnvironment({ config }: Installation): Finding {
  const { agentEnvironment, jwtSecret, encryptionKey, apiKey, setupCode } = config
  const forms = encryptionKey === null ? [] : [encryptionKey.toString('hex'), encryptionKey.toString('base64')]
  const secrets = [jwtSecret, apiKey, setupCode, ...forms].filter((secret) => secret !== null)
  const wrong = Object.entries(agentEnvironment).filter(([, value]) => secrets.some((secret) => value.includes(secret)))
  return failIfAny(
    wrong.map(([name]) => `${name} holds a secret of the server`),
    `${String(Object.keys(agentEnvironment).length)} variables of an allow-list, with none of its secrets in them.`,
  )
}

function lookAtLimits({ config: { agentMaxProcesses, agentMaxMemoryMb } }: Installation): Finding {
  if (process.platform !== 'linux') return warn('On this system there are no limits for agents.')
  if (!existsSync('/usr/bin/prlimit')) return fail('There is no /usr/bin/prlimit, so no limit holds.')
  const memory = agentMaxMemoryMb === 0 ? 'as much memory as there is' : `${String(agentMaxMemoryMb)} MiB a process`
  if (agentMaxProcesses === 0) return warn(`Processes have no limit of their own; ${memory}.`)
  return pass(`At most ${String(agentMaxProcesses)} processes, ${memory}, and no core files.`)
}

async function lookAtProgram({ config: { claudeCliPath } }: Installation): Promise<Finding> {
  if (claudeCliPath === null) return pass('The program that ships with the product is used.')
  const places = await Promise.all([claudeCliPath, ...foldersAbove(claudeCliPath)].map(seeFile))
  const seen = places.filter((place) => place !== null)
  if (seen[0]?.path !== claudeCliPath) return fail(`There is no ${claudeCliPath}.`)
  const open = seen.filter(({ stats }) => !stats.isSymbolicLink() && (stats.mode & 0o022) !== 0 && (stats.mode & 0o1000) === 0)
  return failIfAny(
    open.map(({ path, stats }) => `${path} has mode ${modeText(stats)}`),
    `${claudeCliPath} and the folders above can be changed by their owners alone.`,
  )
}
