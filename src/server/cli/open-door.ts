import { type Config, ConfigError } from '../config.ts'
import { FrontDoor } from '../http/front-door.ts'
import { OriginGuard } from '../http/origin-guard.ts'
import { CertificateError, readTlsPair, type TlsFiles, type TlsPair } from '../http/tls/certificate.ts'
import { CertificateWatch } from '../http/tls/certificate-watch.ts'
import { TrustedProxies } from '../http/trusted-proxies.ts'
import { systemClock } from '../platform/clock.ts'
import { DomainError } from '../platform/domain-error.ts'
import { isLoopback } from '../platform/loopback.ts'
import type { Logger } from '../platform/logger.ts'

/** The port is taken. */
export class PortInUseError extends DomainError {
  constructor(host: string, port: number, cause: unknown) {
    super(
      'CONFLICT',
      `Port ${String(port)} of ${host} is in use by another program. Stop that one, or start with --port and another number (0 picks a free one).`,
      { cause },
    )
  }
}

/** Listens before the app is built, so that whoever asks meanwhile learns that it starts. @throws ConfigError | PortInUseError */
export async function openDoor(config: Config, version: string): Promise<FrontDoor> {
  const door = new FrontDoor({
    originGuard: new OriginGuard(config),
    trustedProxies: new TrustedProxies(config.trustProxy),
    version,
    basePath: config.basePath,
    tls: await openTls(config),
  })
  await door.listen(config.host, config.port).catch((error: unknown) => {
    throw listenFailure(error, config.host, config.port)
  })
  return door
}

/** The files of `TLS_CERT` and `TLS_KEY`; null without them. */
function tlsFiles({ tlsCert: cert, tlsKey: key }: Config): TlsFiles | null {
  return cert === null || key === null ? null : { cert, key }
}

/** @throws ConfigError where the certificate or its key cannot be used */
async function openTls(config: Config): Promise<TlsPair | null> {
  const files = tlsFiles(config)
  if (files === null) return null
  return readTlsPair(files, systemClock.now()).catch((error: unknown) => {
    throw error instanceof CertificateError ? new ConfigError(error.mistakes) : error
  })
}

/** From now on a renewed certificate is taken up while the server runs, until the returned function is called. */
export function watchTls(config: Config, door: FrontDoor, logger: Logger): () => void {
  const files = tlsFiles(config)
  if (files === null) return () => {}
  const watch = new CertificateWatch({
    files,
    clock: systemClock,
    use: (pair) => {
      door.renew(pair)
    },
    onRenewed: ({ names, validTo, fingerprint }) => {
      logger.info({ names, validTo, fingerprint }, 'TLS: a new certificate is in force')
    },
    onProblem: (error) => {
      logger.error({ err: error }, 'TLS: the new certificate or key cannot be used; the one from before stays in force')
    },
  })
  return () => {
    watch.close()
  }
}

export const PLAIN_HTTP_WARNING =
  'This server can be reached from other machines over plain HTTP: whoever is on the way reads passwords and sessions. Set TLS_CERT and TLS_KEY, ' +
  'or put a proxy with TLS in front of it and name it in TRUST_PROXY; see docs/deployment.md.'

/** Whether other machines reach it and nothing says that TLS is in front. */
export function isOpenToReaders({ host, tlsCert, trustProxy }: Config): boolean {
  return !isLoopback(host) && tlsCert === null && trustProxy.length === 0
}

/** Where the server is found by this machine's own browser. */
export function urlOf(door: FrontDoor, { host, port, basePath, tlsCert }: Config): string {
  const address = door.server.address()
  const boundPort = typeof address === 'object' && address !== null ? address.port : port
  return `${tlsCert === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${String(boundPort)}${basePath}`
}

/** What keeps the server from listening, as a mistake of the configuration where it is one. */
function listenFailure(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  switch (code) {
    case 'EADDRINUSE':
      return new PortInUseError(host, port, error)
    case 'EACCES':
      return new ConfigError([`PORT ${String(port)} may be used with more rights only, for example PORT=3001`])
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigError([`HOST "${host}" is no address of this machine, for example HOST=127.0.0.1`])
    default:
      return error
  }
}
