import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../platform/domain-error.ts'
import { pageBelow } from './base-path.ts'

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  txt: 'text/plain; charset=utf-8',
  webmanifest: 'application/manifest+json',
}
/** Names that the build makes: flat, hashed, no way to climb out. */
const ASSET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.(js|css|svg|png|ico|webmanifest)$/
/** Addresses of pages: plain words, nothing that a proxy in front might read in another way. */
const PAGE_PATH = /^\/(?!api(\/|$))([\w~-]+\/)*[\w~-]*$/

interface StaticFile {
  body: Buffer
  encoding: 'br' | 'gzip' | null
}

/** Always the sign-in page: for who carries the marker and has no login behind it. */
const SIGN_IN_PATH = '/sign-in'

export interface StaticFilesOptions {
  /** Of the built web app. */
  directory: string
  /** Null where nobody signs in. */
  markerCookie: string | null
  /** The path of the host name below which everything is; empty for none. */
  basePath: string
}

/**
 * Serves the built web app from `directory`: hashed assets for ever, pages never cached. A page's address decides
 * nothing but for `/sign-in`: the app routes by itself, and who does not carry `markerCookie` gets the small sign-in page
 * instead.
 */
export function registerStaticFiles(app: FastifyInstance, { directory, markerCookie, basePath }: StaticFilesOptions): void {
  const cache = new Map<string, StaticFile | null>()

  async function load(name: string, encoding: StaticFile['encoding']): Promise<StaticFile | null> {
    const suffix = encoding === null ? '' : encoding === 'br' ? '.br' : '.gz'
    const key = name + suffix
    const known = cache.get(key)
    if (known !== undefined) return known
    const file = await (basePath !== '' && name.endsWith('.html') ? readPage(name, encoding) : readAsBuilt(key, encoding))
    // Misses are not kept: their names are the caller's choice and would grow without bound.
    if (file) cache.set(key, file)
    return file
  }

  const readAsBuilt = (key: string, encoding: StaticFile['encoding']): Promise<StaticFile | null> =>
    readFile(join(directory, key)).then(
      (body) => ({ body, encoding }),
      () => null,
    )

  /** Small, and sent as it is: what the build compressed names other addresses. */
  const readPage = async (name: string, encoding: StaticFile['encoding']): Promise<StaticFile | null> => {
    const built = encoding === null ? await readAsBuilt(name, null) : null
    return built && { ...built, body: Buffer.from(pageBelow(basePath, built.body.toString('utf8'))) }
  }

  async function send(request: FastifyRequest, reply: FastifyReply, name: string, caching: string): Promise<FastifyReply> {
    for (const encoding of acceptedEncodings(request)) {
      const file = await load(name, encoding)
      if (!file) continue
      if (encoding) reply.header('content-encoding', encoding)
      return reply
        .header('content-type', TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream')
        .header('cache-control', caching)
        .send(file.body)
    }
    throw notFound()
  }

  app.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) => {
    const { name } = request.params
    if (!ASSET_NAME.test(name)) throw notFound()
    reply.header('vary', 'accept-encoding')
    return send(request, reply, join('assets', name), 'public, max-age=31536000, immutable')
  })
  app.get('/favicon.svg', (request, reply) => send(request, reply, 'favicon.svg', 'public, max-age=86400'))

  app.get('/*', (request, reply) => {
    // Whatever is neither an asset nor the address of a page does not exist.
    const path = pathOf(request.url)
    if (!PAGE_PATH.test(path)) throw notFound()
    const isSignedIn =
      markerCookie === null || (path !== SIGN_IN_PATH && (request.headers.cookie ?? '').split(/;\s*/).includes(`${markerCookie}=1`))
    reply.header('vary', 'cookie, accept-encoding')
    return send(request, reply, isSignedIn ? 'index.html' : 'sign-in.html', 'no-store')
  })
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}

function notFound(): DomainError {
  return new DomainError('NOT_FOUND', 'There is nothing at this address.')
}

function acceptedEncodings(request: FastifyRequest): StaticFile['encoding'][] {
  const accepted = request.headers['accept-encoding'] ?? ''
  const encodings: StaticFile['encoding'][] = []
  if (/\bbr\b/.test(accepted)) encodings.push('br')
  if (/\bgzip\b/.test(accepted)) encodings.push('gzip')
  return [...encodings, null]
}
