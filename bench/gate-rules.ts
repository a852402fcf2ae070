import { ProjectId, ProviderId, RuleId, SessionId, UserId } from '#protocol/ids'
import { type PolicyRule, RuleMatch, type RuleScope } from '#protocol/policy'
import type { Database } from '../src/server/platform/database.ts'
import { newId } from '../src/server/platform/new-id.ts'

const AT = '2026-01-01T00:00:00.000Z'
const HASH = 'a'.repeat(64)

/** Rules of every kind, most of which are about something else than the calls that are measured, as in real life. */
export function mixedRules(count: number, scopes: readonly RuleScope[]): PolicyRule[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index)
    const kinds: [PolicyRule['decision'], RuleMatch][] = [
      ['allow', { tools: ['Bash'], command: `tool-${number} run **` }],
      ['deny', { command: `forbidden-${number} **` }],
      ['ask', { tools: ['Bash'], command: `publish-${number} * --tag **` }],
      ['allow', { tools: ['Write', 'Edit'], paths: [`packages/part-${number}/**`, `docs/*/${number}-*.md`] }],
      ['deny', { paths: [`/srv/other-${number}/**/secret*`] }],
      ['ask', { tools: ['Read', 'Grep', 'Bash'], paths: [`vendor-${number}/**`] }],
      ['allow', { tools: ['WebFetch'], domains: [`docs-${number}.example.org`, `*.site-${number}.test`] }],
      ['deny', { domains: [`*.tracker-${number}.test`] }],
      ['allow', { tools: [`mcp__server-${number}__*`] }],
      ['allow', { tools: ['Bash'], exact: { callHash: HASH, files: [] } }],
    ]
    const [decision, match] = kinds[index % kinds.length] ?? ['ask', {}]
    const scope = scopes[index % scopes.length] ?? { kind: 'global' }
    return ruleOf(number, { decision, match: RuleMatch.parse(match), scope })
  })
}

export function ruleOf(id: string, rule: Pick<PolicyRule, 'decision' | 'match' | 'scope'>): PolicyRule {
  return { id: RuleId.parse(`rul_bench${id}`), ...rule, reason: 'bench', expiresAt: null, author: 'bench', createdAt: AT }
}

/** A person with a project and a session, as rows: who they are does not matter to the gate. */
export async function insertPlace(database: Database, path: string) {
  const userId = UserId.parse(newId('usr'))
  const projectId = ProjectId.parse(newId('prj'))
  const sessionId = SessionId.parse(newId('ses'))
  const account = { username: 'bench', username_key: 'bench', password_hash: '', role: 'member' as const }
  const never = { last_login_at: null, disabled_at: null, removed_at: null, password_changed_at: null }
  await database
    .insertInto('users')
    .values({ id: userId, ...account, created_at: AT, ...never })
    .execute()
  const project = { id: projectId, name: 'Project', path, created_by: userId, created_at: AT }
  await database
    .insertInto('projects')
    .values({ ...project, last_opened_at: null, trusted_at: AT, removed_at: null })
    .execute()
  const session = { id: sessionId, user_id: userId, project_id: projectId, provider: ProviderId.parse('claude'), native_id: null }
  const state = { title: 'Bench', state: 'idle' as const, mode: 'default' as const, model: null, thinking: null, usage: null, last_seq: 0 }
  await database
    .insertInto('sessions')
    .values({ ...session, ...state, owner: null, client_id: newId('cli'), created_at: AT, updated_at: AT })
    .execute()
  return { userId, projectId, sessionId }
}
