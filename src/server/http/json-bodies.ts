import type { FastifyInstance, FastifyRequest } from 'fastify'
import { DomainError } from '../platform/domain-error.ts'
import { hasTwinKeys, isTooComplex } from '../platform/json-shape.ts'

/** Far beyond what any route takes, and far below what a recursion over it would not survive. */
const BODY_SHAPE = { depth: 64, values: 200_000 }

class UnreadableBodyError extends DomainError {
  constructor(why: string, cause?: unknown) {
    super('BAD_REQUEST', `The request body ${why}.`, { cause })
  }
}

class ForeignMediaTypeError extends DomainError {
  constructor() {
    super('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json in UTF-8, not compressed.')
  }
}

/**
 * A body is JSON in UTF-8 or refused: nothing that a form of another site could send, nothing that one reader takes for
 * something else than another. An empty one counts as none.
 */
export function acceptJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const text = textOf(request, body)
    if (text instanceof DomainError || text === '') {
      done(text === '' ? null : text, undefined)
      return
    }
    void parse(request, text, (error, parsed) => {
      if (error) done(new UnreadableBodyError('is not valid JSON', error))
      else if (hasTwinKeys(text)) done(new UnreadableBodyError('names a member twice'))
      else done(null, parsed)
    })
  })
}

function textOf({ headers }: FastifyRequest, body: string | Buffer): string | DomainError {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1]
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding.toLowerCase() !== 'identity' || (charset !== undefined && !/^utf-?8$/i.test(charset))) return new ForeignMediaTypeError()
  const text = decoded(Buffer.from(body))
  if (text === null) return new UnreadableBodyError('is not valid UTF-8')
  return isTooComplex(text, BODY_SHAPE) ? new UnreadableBodyError('is nested too deep or has too many values') : text
}

function decoded(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    // Told as a bad request.
    return null
  }
}
