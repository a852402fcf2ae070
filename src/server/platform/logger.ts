import { type DestinationStream, pino, type Logger, stdSerializers, stdTimeFunctions } from 'pino'
import { redactText, redactValue } from './redact.ts'

export type { Logger } from 'pino'

/** Names of fields whose values never reach a log, at the depths where our log calls put them. */
const SECRET_FIELDS = [
  'password',
  'currentPassword',
  'newPassword',
  'token',
  'ticket',
  'setupCode',
  'authorization',
  'cookie',
  'secret',
  'apiKey',
]

/**
 * The structured log on standard output.
 * @param level a pino level or `silent`
 * @param format `json`, or `pretty` for a person at a terminal
 * @param to where JSON goes instead
 */
export async function createLogger(level: string, format: 'json' | 'pretty', to?: DestinationStream): Promise<Logger> {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
    // Failures tell what they choked on, and in its own words what a database or an agent was given.
    serializers: { err: redactFailure, error: redactFailure },
    formatters: { log: redactTexts },
  }
  if (format === 'json') return to ? pino(options, to) : pino(options)
  const { PinoPretty } = await import('pino-pretty')
  return pino(options, PinoPretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true }))
}

function redactFailure(failure: unknown): unknown {
  return redactValue(failure instanceof Error ? stdSerializers.err(failure) : failure)
}

/** Texts at the top; errors are for the serializers, and what else lies deeper is ours: numbers, ids and names of fields. */
function redactTexts(line: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(line).map(([name, value]) => [name, typeof value === 'string' ? redactText(value) : value]))
}
