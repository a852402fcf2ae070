import { hostname } from 'node:os'
import type { ForwardLine } from './forward-line.ts'

/** Facility 13, "log audit", severity 6, "informational". */
const PRIORITY = 13 * 8 + 6
const APP_NAME = 'ai-code-ui'
/** 32473 is the number for those who have none of their own (RFC 5612). */
const STRUCTURE = 'audit@32473'

/**
 * A line as a message of RFC 5424: its members as structured data, and the JSON of the whole line, in ASCII, as the text.
 * Beyond `maxBytes` the text is left out, and with it the details of the entry.
 */
export function syslogMessage(line: ForwardLine, maxBytes = Number.POSITIVE_INFINITY): string {
  const name = line.type === 'entry' ? line.action : line.type
  const head = `<${String(PRIORITY)}>1 ${line.at} ${header(hostname(), 255)} ${APP_NAME} ${String(process.pid)} ${header(name, 32)}`
  const data = `[${STRUCTURE}${parametersOf(line)
    .map(([key, value]) => ` ${key}="${escaped(value)}"`)
    .join('')}]`
  const text = JSON.stringify(line).replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const whole = `${head} ${data} ${text}`
  return Buffer.byteLength(whole) > maxBytes ? `${head} ${data}` : whole
}

function parametersOf(line: ForwardLine): [string, string][] {
  const { type, seq, hash } = line
  const members: Record<string, string | null> = { type, seq: String(seq), ...ownParameters(line), hash }
  return Object.entries(members).flatMap(([key, value]) => (value === null ? [] : [[key, value]]))
}

function ownParameters(line: ForwardLine): Record<string, string | null> {
  if (line.type === 'checkpoint') return { keyId: line.keyId, signature: line.signature }
  const { id, actor, action, subject, address, device, prev } = line
  return { id, actor, action, subject, address, device, prev }
}

/** Printable ASCII without spaces, as the fields of the header are; `-` for nothing. */
function header(text: string, max: number): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, max) || '-'
}

/** Of a parameter's value; control characters are no part of any, but would end a message for receivers that go by lines. */
function escaped(text: string): string {
  return text.replace(/[\\"\]]/g, '\\$&').replace(/\p{Cc}/gu, ' ')
}
