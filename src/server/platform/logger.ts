import { pino, type Logger, stdTimeFunctions } from 'pino'

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

/** Takes a one-use ticket or an access token out of an address before it is logged. */
export function redactUrl(url: string): string {
  const query = url.indexOf('?')
  return query < 0 ? url : `${url.slice(0, query)}?…`
}

/**
 * The structured log on standard output.
 * @param level a pino level or `silent`
 * @param format `json`, or `pretty` for a person at a terminal
 */
export async function createLogger(level: string, format: 'json' | 'pretty'): Promise<Logger> {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
  }
  if (format === 'json') return pino(options)
  const { PinoPretty } = await import('pino-pretty')
  return pino(options, PinoPretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true }))
}
