import type { Role } from '#protocol/auth'
import { ROLE_READS, ROLE_SCOPES, Scope } from '#protocol/permissions'
import { MESSAGE_RULES, type Permission, ROUTE_RULES, type Rule, SOCKET_RULES } from '../../src/server/http/permission-table.ts'
import { code, generatedHead, table } from './markdown.ts'

const ROLES: readonly Role[] = ['owner', 'member', 'viewer']

/** A scope that is added does not compile until it has its line here. */
const SCOPE_TEXTS: Record<Scope, string> = {
  read: 'see projects, sessions and what waits',
  chat: 'start sessions, prompt, interrupt, rename, choose model and mode',
  approve: 'allow or deny tool calls, trust a folder',
  files: 'add and remove projects, look at folders, read and write files',
  terminal: 'open a terminal',
  admin: 'manage users and invitations, read the audit log',
}

const REACH_TEXTS: Record<(typeof ROLE_READS)[Role], string> = {
  all: 'everybody’s',
  own: 'their own',
}

/** docs/permissions.md */
export function permissionsPage(): string {
  return `${generatedHead('Permissions')}

Every HTTP route, socket and message is bound to one line of \`src/server/http/permission-table.ts\`; what has none does not exist. A test asks each of them
as no one, with an expired token, as every role, freshly proven and not, with a key of every scope and as somebody who was disabled, and compares the
answers with the table. Why it is so stands in [the decision on roles and reach](decisions/0020-roles-and-reach.md).

## Roles

${table(['Scope', 'May', ...ROLES], Scope.options.map(scopeRow))}

${table(
  ['', ...ROLES],
  [
    ['Reads the sessions', ...ROLES.map((role) => REACH_TEXTS[ROLE_READS[role]])],
    ['Acts in the sessions', ...ROLES.map((role) => (ROLE_SCOPES[role].includes('chat') ? 'their own' : 'none'))],
  ],
)}

An API key may do what its scopes say and its user's role still allows, never more. It reads what its user's role reads.

## HTTP routes

*Fresh proof* means that whoever signed in proved within the last five minutes that it is still them; without, the answer is 403 \`STEP_UP_REQUIRED\`.
An API key cannot give one. Paths stand below \`/api\`.

${rulesTable('Route', ROUTE_RULES)}

## Sockets

${rulesTable('Path', SOCKET_RULES)}

## Messages on \`/ws\`

${rulesTable('Type', MESSAGE_RULES)}
`
}

function scopeRow(scope: Scope): string[] {
  return [code(scope), SCOPE_TEXTS[scope], ...ROLES.map((role) => yesNo(ROLE_SCOPES[role].includes(scope)))]
}

function rulesTable(what: string, rules: Readonly<Record<string, Rule>>): string {
  const rows = Object.entries(rules).map(([name, rule]) => [
    code(name),
    ...ROLES.map((role) => yesNo(mayUse(role, rule.permission))),
    keyText(rule),
    rule.stepUp ? 'yes' : '',
    rule.permission === 'public' ? 'yes' : '',
  ])
  return table([what, ...ROLES, 'API key', 'Fresh proof', 'Without signing in'], rows)
}

function mayUse(role: Role, permission: Permission): boolean {
  if (permission === 'public' || permission === 'signed-in' || permission === 'account') return true
  return ROLE_SCOPES[role].includes(permission)
}

function keyText({ permission, stepUp }: Rule): string {
  if (stepUp || permission === 'account') return 'no'
  return permission === 'public' || permission === 'signed-in' ? 'any' : `with ${code(permission)}`
}

function yesNo(is: boolean): string {
  return is ? 'yes' : 'no'
}
