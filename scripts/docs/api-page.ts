import * as z from 'zod/mini'
import { ROUTE_RULES, type Rule } from '../../src/server/http/permission-table.ts'
import { code, generatedHead, table } from './markdown.ts'
import { servedOpenApi } from './running-product.ts'
import { fieldName, limitText, typeText, WireSchema } from './schema-text.ts'

const Content = z.optional(z.object({ 'application/json': z.optional(z.object({ schema: WireSchema })) }))
const Operation = z.object({
  summary: z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: WireSchema })),
  requestBody: z.optional(z.object({ content: Content })),
  responses: z.record(z.string(), z.object({ content: Content })),
})
type Operation = z.infer<typeof Operation>

/** Deeper than this a field is told in one line. */
const MAX_DEPTH = 3

const GROUPS: Readonly<Record<string, string>> = {
  auth: 'Signing in and accounts',
  keys: 'API keys',
  users: 'Users',
  invitations: 'Invitations',
  projects: 'Projects',
  folders: 'Folders',
  sessions: 'Sessions',
  approvals: 'Approvals',
  policy: 'Policy',
  audit: 'Audit log',
  providers: 'Agents',
  credentials: 'Credentials',
  security: 'Security',
}
const OTHERS = 'The server'

/** docs/api.md */
export async function apiPage(): Promise<string> {
  const { paths } = await servedOpenApi()
  const sections = new Map<string, string[]>()
  for (const [path, operations] of Object.entries(paths)) {
    const group = GROUPS[path.split('/')[2] ?? ''] ?? OTHERS
    const texts = Object.entries(operations).map(([method, operation]) => operationText(method, path, Operation.parse(operation)))
    sections.set(group, [...(sections.get(group) ?? []), ...texts])
  }
  return `${generatedHead('HTTP API')}

JSON in and out, in UTF-8; times are ISO 8601 in UTC with milliseconds, durations seconds unless a name ends in \`Ms\`. \`Authorization: Bearer\` carries an
access token, \`X-API-Key\` a key of a user. A failure answers \`{ "error", "code", "details" }\`: [what each code means](errors.md). Who may use a route is said
with it; [permissions](permissions.md) has the roles. A running server describes itself at \`/api/openapi.json\` (OpenAPI 3.1). What happens as it happens comes
over [the WebSocket](websocket.md).

${[...sections].map(([title, texts]) => `## ${title}\n\n${texts.join('\n\n')}`).join('\n\n')}
`
}

function operationText(method: string, path: string, operation: Operation): string {
  const name = `${method.toUpperCase()} ${path}`
  const rule = ROUTE_RULES[name.replace('/api', '').replace(/\{(\w+)\}/g, ':$1')]
  const body = operation.requestBody?.content?.['application/json']?.schema
  const [[status, answer] = ['204', {}]] = Object.entries(operation.responses)
  const shape = answer.content?.['application/json']?.schema
  return [
    `### \`${name}\``,
    `${operation.summary.replace(/\.?$/, '.')} ${rule === undefined ? '' : ruleText(rule)}`.trimEnd(),
    parametersTable(operation),
    body === undefined ? '' : `Body:\n\n${fieldsTable(body)}`,
    shape === undefined ? `Answers ${status} without a body.` : `Answers ${status}:\n\n${fieldsTable(shape)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function ruleText({ permission, stepUp }: Rule): string {
  const proof = stepUp ? ' and a fresh proof' : ''
  if (permission === 'public') return 'Needs no credential.'
  if (permission === 'signed-in') return `Needs any credential${proof}.`
  return permission === 'account' ? `Needs a login of the account itself${proof}.` : `Needs the scope ${code(permission)}${proof}.`
}

function parametersTable({ parameters }: Operation): string {
  if (parameters.length === 0) return ''
  const rows = parameters.map(({ name, in: place, required, schema }) => [
    code(required ? name : `${name}?`),
    place,
    code(typeText(schema)),
    limitText(schema),
  ])
  return table(['Parameter', 'In', 'Type', 'Limits'], rows)
}

function fieldsTable(schema: WireSchema): string {
  const rows = rowsOf(schema, '', 0)
  return rows.length === 0 ? code(typeText(schema)) : table(['Field', 'Type', 'Limits'], rows)
}

/** A line for each field; those of an object inside stand below it, as in `rules[].match.tools`. */
function rowsOf(schema: WireSchema, prefix: string, depth: number): string[][] {
  const { of, mark } = unwrapped(schema)
  return Object.entries(of.properties ?? {}).flatMap(([name, field]) => {
    const before = `${prefix}${mark}${prefix + mark === '' ? '' : '.'}`
    const inner = depth < MAX_DEPTH ? rowsOf(field, before + name, depth + 1) : []
    return [[code(before + fieldName(of, name)), code(inner.length > 0 ? briefType(field) : typeText(field)), limitText(field)], ...inner]
  })
}

/** What a list, or something that may be null, is made of. */
function unwrapped(schema: WireSchema): { of: WireSchema; mark: string } {
  if (schema.type === 'array' && schema.items) return { of: schema.items, mark: '[]' }
  const choices = (schema.anyOf ?? []).filter(({ type }) => type !== 'null')
  const [only, ...others] = choices
  return only !== undefined && others.length === 0 ? unwrapped(only) : { of: schema, mark: '' }
}

function briefType(schema: WireSchema): string {
  if (schema.type === 'array') return 'object[]'
  return schema.anyOf ? 'object | null' : 'object'
}
