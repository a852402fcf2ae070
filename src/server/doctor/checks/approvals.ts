import * as z from 'zod/mini'
import { RuleMatch } from '#protocol/policy'
import { type Check, fail, type Finding, failIfAny, pass, unseen, warn, warnIfAny } from '../check.ts'
import { foldersAbove } from '../probe/file-modes.ts'
import type { Installation } from '../installation.ts'
import { settingFix } from '../place.ts'

const MINUTES = 60_000
const LONGEST_MS = 60 * MINUTES
const Match = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text): unknown => JSON.parse(text)),
  ),
  RuleMatch,
)

export const APPROVAL_CHECKS: readonly Check[] = [
  {
    id: 'approvals-skipped',
    area: 'approvals',
    title: 'No session skips approvals',
    severity: 'high',
    why: 'Whatever an agent reads can tell it what to do; while approvals are skipped, nobody looks at what it does.',
    fix: () => ({ text: 'Open the session and choose "Ask every time".', command: null }),
    references: { guide: ['ongoing-1'], asvs: ['2.3.2'] },
    needs: 'database',
    look: lookAtSkipping,
  },
  {
    id: 'approvals-rules',
    area: 'approvals',
    title: 'No rule allows everything',
    severity: 'high',
    why: 'A rule that covers every tool, or every command, decides in your place for good.',
    fix: () => ({ text: 'Narrow or remove the rule on the page "Policy".', command: null }),
    references: { guide: ['ongoing-3'], asvs: ['8.2.2'] },
    needs: 'database',
    look: lookAtRules,
  },
  {
    id: 'approvals-timeout',
    area: 'approvals',
    title: 'What nobody decides is denied',
    severity: 'low',
    why: 'A request that waits for days is allowed by somebody who no longer knows what it was about.',
    fix: (installation) => settingFix(installation, 'Go back to the usual time.', 'CLAUDE_TOOL_APPROVAL_TIMEOUT_MS', '55000'),
    references: { guide: ['ongoing-3'] },
    look: ({ config: { approvalTimeoutMs: ms } }) => {
      if (ms === 0) return warn('Requests wait for as long as their session lives.')
      const seen = `Requests wait for ${String(Math.round(ms / 1000))} seconds.`
      return ms > LONGEST_MS ? warn(seen) : pass(seen)
    },
  },
  {
    id: 'approvals-projects',
    area: 'approvals',
    title: 'No project holds the data folder of the server',
    severity: 'critical',
    why: 'An agent at work in a project reads and writes what lies in it.',
    fix: ({ place }) => ({
      text: 'Close the project, or move the data folder out of it.',
      command: place.setting('DATA_DIR', '/var/lib/ai-code-ui'),
    }),
    references: { guide: ['before-4'], issue: ['agents-cage'], asvs: ['8.2.2'] },
    needs: 'database',
    look: lookAtProjects,
  },
]

async function lookAtSkipping({ database, now }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const sessions = await database
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['sessions.title', 'sessions.mode_until', 'users.username'])
    .where('sessions.mode', '=', 'bypassPermissions')
    .where((eb) => eb.or([eb('sessions.mode_until', 'is', null), eb('sessions.mode_until', '>', now.toISOString())]))
    .execute()
  const endless = sessions.filter(({ mode_until: until }) => until === null)
  if (endless.length > 0) return fail(`${String(endless.length)} sessions skip approvals without an end.`)
  return warnIfAny(
    sessions.map(
      ({ title, username, mode_until: until }) => `"${title.slice(0, 40)}" of ${username} until ${(until ?? '').slice(0, 16)} UTC`,
    ),
    'No session skips approvals now.',
  )
}

async function lookAtRules({ database, now }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const state = await database.selectFrom('policy_state').select('preset').executeTakeFirst()
  const rows = await database
    .selectFrom('policy_rules')
    .select(['match', 'author', 'reason'])
    .where('decision', '=', 'allow')
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now.toISOString())]))
    .execute()
  const wide = rows
    .filter(({ match }) => isWide(match))
    .map(({ author, reason }) => `a rule of ${author} allows everything${reason === '' ? '' : ` ("${reason.slice(0, 40)}")`}`)
  if (wide.length > 0) return failIfAny(wide, '')
  if (state?.preset === 'trusting') return warn('The preset is "trusting": commands run unless they are high risk.')
  return pass(`The preset is "${state?.preset ?? 'careful'}"; none of ${String(rows.length)} rules that allow covers everything.`)
}

/** Every tool, or every command, with nothing that narrows it. What cannot be read counts as wide. */
function isWide(text: string): boolean {
  const match = Match.safeParse(text)
  if (!match.success) return true
  const { tools = [], command, paths, domains, exact } = match.data
  if (paths !== undefined || domains !== undefined || exact !== undefined) return false
  if (command !== undefined) return /^\*{1,2}( \*{1,2})*$/.test(command)
  return tools.length === 0 || tools.some((tool) => tool === '*' || tool === 'Bash')
}

async function lookAtProjects({ config: { dataDirectory }, database }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const projects = await database.selectFrom('projects').select(['name', 'path']).where('removed_at', 'is', null).execute()
  const above = new Set([dataDirectory, ...foldersAbove(dataDirectory)])
  const wrong = projects.filter(({ path }) => above.has(path) || path.startsWith(`${dataDirectory}/`))
  return failIfAny(
    wrong.map(({ name, path }) => `the project "${name}" at ${path} holds ${dataDirectory} or lies in it`),
    `None of ${String(projects.length)} projects does.`,
  )
}
