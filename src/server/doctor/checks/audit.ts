import { join } from 'node:path'
import type { Database } from '../../platform/database.ts'
import { type Check, fail, type Finding, pass, unseen, warn } from '../check.ts'
import type { Installation } from '../installation.ts'
import { settingFix } from '../place.ts'
import { seeFile } from '../probe/file-modes.ts'
import { actionsSince, ownRefusalsSince } from '../probe/database-facts.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const WEEK_DAYS = 7
/** Verified once a day by the server; two days old means that it did not. */
const OLD_VERDICT_MS = 2 * DAY_MS
const MANY_FAILURES = 50
/** Each of these is a sign of somebody else. */
const ALARMS = ['audit.break_found', 'auth.refresh_reused', 'user.factors_reset', 'auth.register_refused']
const FAILURES = ['auth.login_failed', 'auth.login_limited', 'apikey.refused', 'access.refused', 'auth.step_up_failed']

export const AUDIT_CHECKS: readonly Check[] = [
  {
    id: 'audit-chain',
    area: 'audit',
    title: 'The audit log is as it was written',
    severity: 'critical',
    why: 'A log that somebody changed tells what they want it to tell.',
    fix: ({ place }) => ({
      text: 'Check the whole chain. Where it is broken, keep a copy of the data folder as it is and compare it with backups and exports.',
      command: place.product('audit verify'),
    }),
    references: { guide: ['ongoing-1'], asvs: ['16.4.2'] },
    needs: 'database',
    limitMs: 60_000,
    look: lookAtChain,
  },
  {
    id: 'audit-signed',
    area: 'audit',
    title: 'The end of the audit log is signed',
    severity: 'high',
    why: 'Entries after the last signature could be cut off unnoticed.',
    fix: ({ place }) => ({ text: 'The server signs once a minute. Start it anew, and look at its log.', command: place.restart }),
    references: { guide: ['ongoing-1'], asvs: ['16.4.2'] },
    needs: 'database',
    look: lookAtSignatures,
  },
  {
    id: 'audit-pinned',
    area: 'audit',
    title: 'A copy of the audit log is kept elsewhere',
    severity: 'medium',
    why: 'Whoever takes over this machine can roll the whole log back, unless another one has seen its end.',
    fix: (installation) =>
      settingFix(
        installation,
        'Hand the log on to a syslog server, or to a file on another volume.',
        'AUDIT_FORWARD',
        'syslog:tcp://LOGHOST:514',
      ),
    references: { guide: ['ongoing-1'], asvs: ['16.4.3'] },
    look: lookAtForwarding,
  },
  {
    id: 'audit-alarms',
    area: 'audit',
    title: 'Nothing in the log looks like an attack',
    severity: 'high',
    why: 'A refresh token that was used twice, or a flood of failed sign-ins, means that somebody tries, or is in.',
    fix: ({ place }) => ({
      text: 'Read these entries on the page "Audit log". Where it was not you, end all logins and reset the password.',
      command: place.product('user reset-password NAME --revoke-keys'),
    }),
    references: { guide: ['ongoing-1', 'ongoing-4'], asvs: ['16.3.1', '16.3.3'] },
    needs: 'database',
    look: lookAtAlarms,
  },
  {
    id: 'audit-records',
    area: 'audit',
    title: 'The audit log is being written',
    severity: 'high',
    why: 'Where nothing is recorded, nothing can be found out later.',
    fix: ({ place }) => ({ text: 'Start the server anew, and look at its log.', command: place.restart }),
    references: { guide: ['ongoing-1'], asvs: ['16.2.1', '16.3.1'] },
    needs: 'database',
    look: lookAtRecords,
  },
  {
    id: 'audit-server-log',
    area: 'audit',
    title: 'The server’s own log tells of warnings',
    severity: 'low',
    why: 'What is not written cannot be monitored.',
    fix: (installation) => settingFix(installation, 'Write warnings at least.', 'LOG_LEVEL', 'info'),
    references: { guide: ['ongoing-1'], asvs: ['16.2.3'] },
    look: ({ config: { logLevel } }) =>
      ['silent', 'fatal', 'error'].includes(logLevel)
        ? warn(`LOG_LEVEL is "${logLevel}".`)
        : logLevel === 'trace'
          ? warn('LOG_LEVEL is "trace", which tells more than is needed.')
          : pass(`LOG_LEVEL is "${logLevel}".`),
  },
]

async function lookAtChain({ auditVerdict, now }: Installation): Promise<Finding> {
  const verdict = await auditVerdict()
  if (verdict === null) return warn('The chain was not checked since the server started.')
  const { ok, at, entries, sealedTo, problem } = verdict
  if (!ok) return fail(`Entry ${String(problem?.seq)} ${problem?.what ?? 'is wrong'}.`)
  const seen = `All ${String(entries)} entries are as they were written, signed up to ${String(sealedTo)}; checked ${at.slice(0, 16).replace('T', ' ')} UTC.`
  return now.getTime() - Date.parse(at) > OLD_VERDICT_MS ? warn(seen) : pass(seen)
}

async function lookAtSignatures({ config: { dataDirectory }, database, now, server }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const { last, signed } = await endsOf(database)
  const unsigned = await database.selectFrom('audit_log').select('at').where('seq', '>', signed).orderBy('seq').limit(1).executeTakeFirst()
  const isOld = (at: string) => now.getTime() - Date.parse(at) > HOUR_MS
  if (signed > 0 && (await seeFile(join(dataDirectory, 'audit', 'checkpoints.jsonl'))) === null)
    return fail('The file with the signatures beside the database is missing.')
  const seen = `Signed up to entry ${String(signed)} of ${String(last)}.`
  if (unsigned === undefined || !isOld(unsigned.at)) return pass(seen)
  return server === null ? warn(`${seen} No server runs that would sign.`) : fail(seen)
}

/** The last entry, and the last that a signature vouches for; 0 for none. */
async function endsOf(database: Database): Promise<{ last: number; signed: number }> {
  const log = await database
    .selectFrom('audit_log')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst()
  const checkpoints = await database
    .selectFrom('audit_checkpoints')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst()
  return { last: log?.seq ?? 0, signed: checkpoints?.seq ?? 0 }
}

async function lookAtForwarding({ config: { auditForward }, auditForward: state }: Installation): Promise<Finding> {
  if (auditForward === null) return warn('AUDIT_FORWARD is not set: the log is kept on this machine alone.')
  const forward = await state()
  if (forward === null) return unseen('how far the log was handed on is not known.')
  const { target, seq, behind, failing } = forward
  if (failing !== null)
    return fail(`It cannot be handed on to ${target} since ${failing.since.slice(0, 16)} UTC; ${String(behind)} entries wait.`)
  const seen = `Handed on to ${target} up to entry ${String(seq)}; ${String(behind)} wait.`
  return behind > 1000 ? warn(seen) : pass(seen)
}

async function lookAtAlarms({ database, now }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const since = new Date(now.getTime() - WEEK_DAYS * DAY_MS)
  const counts = await actionsSince(database, since, [...ALARMS, ...FAILURES])
  const refused = (counts.get('access.refused') ?? 0) - (await ownRefusalsSince(database, since))
  if (refused > 0) counts.set('access.refused', refused)
  else counts.delete('access.refused')
  const told = (actions: readonly string[]) =>
    actions.flatMap((action) => (counts.has(action) ? [`${action} ${String(counts.get(action))} times`] : []))
  const alarms = told(ALARMS)
  if (alarms.length > 0) return fail(`In the last seven days: ${alarms.join(', ')}.`)
  const failures = FAILURES.reduce((total, action) => total + (counts.get(action) ?? 0), 0)
  const seen = failures === 0 ? 'Nothing was refused in the last seven days.' : `In the last seven days: ${told(FAILURES).join(', ')}.`
  return failures > MANY_FAILURES ? warn(seen) : pass(seen)
}

async function lookAtRecords({ database, now }: Installation): Promise<Finding> {
  if (database === null) return unseen('there is no database.')
  const last = await database.selectFrom('audit_log').select(['seq', 'at']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  if (last === undefined) return fail('The audit log is empty, although every start of the server is recorded in it.')
  const seen = `The last of its entries, number ${String(last.seq)}, is from ${last.at.slice(0, 16).replace('T', ' ')} UTC.`
  // Told beside the clock's own check: entries of the future mean that it went backwards.
  return Date.parse(last.at) - now.getTime() > 60_000 ? warn(seen) : pass(seen)
}
