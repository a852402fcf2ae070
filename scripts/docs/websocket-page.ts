import type * as z from 'zod/mini'
import { ApprovalPreview, ApprovalSuggestion } from '#protocol/approvals'
import { ErrorCode } from '#protocol/errors'
import { SessionId, Seq, Sha256, Timestamp } from '#protocol/ids'
import { Attachment, ClientMessage, ServerMessage } from '#protocol/messages'
import { Project } from '#protocol/projects'
import { Capabilities, ModelOption, ModeOption, PermissionMode } from '#protocol/providers'
import { ApprovalOutcome, DecidedBy, SessionEvent, TokenCounts, ToolKind, ToolStatus, TurnOutcome } from '#protocol/session-events'
import { Session, SessionState, Usage } from '#protocol/sessions'
import { code, generatedHead, table } from './markdown.ts'
import { fieldName, limitText, toWireSchema, typeText } from './schema-text.ts'
import type { WireSchema } from './schema-text.ts'

/** Types that have a section of their own. All ids share one schema. */
const NAMED: Record<string, z.ZodMiniType> = {
  ApprovalOutcome,
  ApprovalPreview,
  ApprovalSuggestion,
  Attachment,
  Capabilities,
  DecidedBy,
  ErrorCode,
  Id: SessionId,
  ModelOption,
  ModeOption,
  PermissionMode,
  Project,
  Seq,
  Session,
  SessionEvent,
  SessionState,
  Sha256,
  Timestamp,
  TokenCounts,
  ToolKind,
  ToolStatus,
  TurnOutcome,
  Usage,
}

const CLOSE_CODES = [
  ['1001', 'The server is shutting down.', 'Comes back after a moment.'],
  ['1002, 1007', 'Frames that RFC 6455 forbids, or text that is not UTF-8.', 'Is mended.'],
  ['1003', 'Binary frames; `/ws` takes text alone.', 'Is mended.'],
  [
    '1006',
    'No code: the client answered no ping for 25 s, sent more than 250 pings of the protocol in 25 s, or read so little that 16 MiB waited for it.',
    'Comes back and asks for what it missed with `afterSeq`.',
  ],
  ['1008', 'More than 50 invalid messages, or one message in more than 256 fragments.', 'Is mended.'],
  ['1009', 'A message of more than 1 MiB, also once unpacked.', 'Sends less.'],
  ['4401', 'The login ended, or its rights changed.', 'Gets a new access token, or asks to sign in.'],
  ['4429', 'A flood: more than 400 messages at once and 100 each second, 16 MiB at once and 2 MiB each second.', 'Waits, then comes back.'],
]

const CLIENT_TEXTS: Record<ClientMessage['type'], string> = {
  'session-start':
    'Makes a session and sends its first prompt. Answered by `session-started`; the caller follows the session from then on.',
  'session-prompt':
    'Sends a prompt. While a turn runs it is queued or folded into it, as the agent does; the `user.message` event says which.',
  'session-interrupt': 'Ends the running turn. What it was running is dead within a second.',
  'session-subscribe': 'Sends every event after `afterSeq`, then `session-subscribed`, then each new event as it happens.',
  'session-unsubscribe': 'Sends no more events of the session on this connection.',
  'claude-permission-response': 'Decides a tool call. The first decision of all connections counts; a later one is told so with `error`.',
  'permission-extend': 'Lets a request wait longer, a day at most in all. Every device gets the request again with its new end.',
  'codex-permission-response': 'The same under another name; either name is accepted for every provider.',
  ping: 'Answered by `pong`.',
}

const SERVER_TEXTS: Record<ServerMessage['type'], string> = {
  'session-started': 'The session that `session-start` asked for, with the `clientId` of that message.',
  'session-event': 'One event of a session that this connection follows.',
  'session-subscribed': 'Everything up to `seq` has been sent; what follows is live.',
  'claude-permission-request':
    'A tool call waits for a decision. Goes to every connection of the user, and again to each new one while it waits.',
  'codex-permission-request': 'The same for a Codex session.',
  'permission-resolved': 'A waiting tool call was decided, timed out or was cancelled.',
  frozen: 'Everything was frozen or released; the state is `GET /api/approvals/freeze`.',
  'projects-updated': 'The list of projects changed: one was added or changed, or one was removed.',
  'sessions-updated': 'The list of sessions changed: one was added or changed, or one was removed.',
  'account-notice': 'Something about the account that its owner should see, such as a new device. Kept until it is read.',
  error: 'A message failed. The ids are those of the message that did, where it had them. The connection goes on.',
  pong: 'Answer to `ping`.',
}

const EVENT_TEXTS: Record<SessionEvent['kind'], string> = {
  'session.opened': 'The agent runs: what it is and what it offers.',
  'session.updated': 'Some of that changed; what is absent stayed.',
  'session.rekeyed': "The agent's own id of the conversation changed.",
  'session.state': 'What the session is doing.',
  'session.exited': "The agent's process ended.",
  'user.message': 'A prompt. Comes again with the same `messageId` when its delivery changes.',
  'turn.started': 'The agent began to work.',
  'turn.ended': 'The agent stopped. A turn may have no prompt, and events may still follow.',
  'block.started': 'The agent began to write or to think.',
  'block.delta': 'More text of a block: a hint, the completed text wins.',
  'block.completed': 'The whole text of a block.',
  'block.discarded': 'What was sent of this block is void.',
  'tool.started': 'A tool call. Each is followed by exactly one `tool.ended`.',
  'tool.input': 'The input as it forms, or once whole.',
  'tool.output': 'Output so far.',
  'tool.diff': 'What the call changed in one file.',
  'tool.ended': 'How the call ended.',
  'turn.diff': 'All that a turn changed.',
  'approval.requested': 'A tool call began to wait for a decision.',
  'approval.resolved': 'The decision, and who made it.',
  'plan.updated': "The agent's plan or todo list.",
  'task.started': 'A sub-agent or background command began.',
  'task.updated': 'How it is going.',
  'task.ended': 'How it ended.',
  'usage.updated': 'Tokens, cost and context used.',
  notice: 'Something a person should know, such as a retry.',
  compaction: 'The agent summarised the conversation to make room.',
  checkpoint: 'A point to which files could be taken back.',
  'native.raw': 'Something the adapter does not know; for diagnosis alone.',
}

/** docs/websocket.md */
export function websocketPage(): string {
  const client = toWireSchema(ClientMessage, NAMED)
  const server = toWireSchema(ServerMessage, NAMED)
  const types = { ...client.$defs, ...server.$defs }
  const events = types.SessionEvent
  if (!events) throw new Error('The events have no section of their own.')
  return `${generatedHead('WebSocket reference')}

\`/ws\` carries sessions and approvals, one JSON object in each text frame. It is opened with \`?ticket=\` (from \`POST /api/auth/ws-ticket\`, one use)
or \`?token=\` (an access token). A stranger, a foreign origin and an unknown host are refused with HTTP 401, 403 and 421 before the upgrade.
The server refuses a message with fields it does not know; a client ignores fields and types it does not know. \`?\` marks a field that may be absent.

## Close codes

${table(['code', 'when', 'what a client does'], CLOSE_CODES)}

## Client to server

${messageSections(client, 'type', CLIENT_TEXTS)}

## Server to client

${messageSections(server, 'type', SERVER_TEXTS)}

## Events

The \`event\` of a \`session-event\`. Every event has \`v\` (1) and may have \`turnId\` (its turn) and \`parentId\` (the tool call of the sub-agent in which it happened).

${eventTable(events)}

## Types

${typeSections(types)}
`
}

/** The choices of a union by the value of the field that tells them apart. */
function choicesBy(union: WireSchema, field: string): Map<string, WireSchema> {
  const choices = union.oneOf ?? union.anyOf ?? []
  return new Map(choices.map((choice) => [String(choice.properties?.[field]?.const), choice]))
}

function messageSections(union: WireSchema, field: string, texts: Record<string, string>): string {
  return [...choicesBy(union, field)]
    .map(([name, schema]) => `### \`${name}\`\n\n${texts[name] ?? ''}${withTable(fieldTable(schema, [field]))}`)
    .join('\n\n')
}

function withTable(fields: string): string {
  return fields === '' ? '' : `\n\n${fields}`
}

function fieldTable(schema: WireSchema, without: readonly string[]): string {
  const fields = Object.entries(schema.properties ?? {}).filter(([name]) => !without.includes(name))
  if (fields.length === 0) return ''
  const rows = fields.map(([name, field]) => [code(fieldName(schema, name)), code(typeText(field)), limitText(field)])
  const hasLimits = rows.some(([, , limit]) => limit !== '')
  return hasLimits
    ? table(['Field', 'Type', 'Limits'], rows)
    : table(
        ['Field', 'Type'],
        rows.map((row) => row.slice(0, 2)),
      )
}

function eventTable(union: WireSchema): string {
  const shared = ['v', 'turnId', 'parentId', 'kind']
  const rows = [...choicesBy(union, 'kind')].map(([kind, schema]) => {
    const fields = Object.entries(schema.properties ?? {}).filter(([name]) => !shared.includes(name))
    const cells = fields.map(([name, field]) => code(`${fieldName(schema, name)}: ${typeText(field)}`))
    return [code(kind), new Map(Object.entries(EVENT_TEXTS)).get(kind) ?? '', cells.join('<br>')]
  })
  return table(['Kind', 'Says', 'Fields'], rows)
}

function typeSections(types: Record<string, WireSchema>): string {
  return Object.keys(types)
    .filter((name) => name !== 'SessionEvent')
    .sort()
    .map((name) => `### ${name}\n\n${typeSection(types[name] ?? {})}`)
    .join('\n\n')
}

function typeSection(schema: WireSchema): string {
  if (schema.properties) return fieldTable(schema, [])
  const limits = [limitText(schema), schema.pattern === undefined || schema.format === 'date-time' ? '' : `matches ${code(schema.pattern)}`]
  return [code(typeText(schema)), ...limits.filter((limit) => limit !== '')].join(', ')
}
