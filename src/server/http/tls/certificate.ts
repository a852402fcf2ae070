import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'

/** Where the two PEM files are; both paths are absolute. */
export interface TlsFiles {
  /** The server's own certificate first, then those that lead to the root. */
  cert: string
  key: string
}

/** A certificate and its key, looked at and found usable. */
export interface TlsPair {
  cert: Buffer
  key: Buffer
  facts: CertificateFacts
}

export interface CertificateFacts {
  /** The names and addresses it is for, such as `DNS:code.example.org`. */
  names: string
  validFrom: Date
  validTo: Date
  /** SHA-256, hex in pairs with colons. */
  fingerprint: string
}

/** The pair cannot be used; one sentence per mistake, each with what to do. */
export class CertificateError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join(' '))
    this.name = 'CertificateError'
    this.mistakes = mistakes
  }
}

const MAX_BYTES = 1024 * 1024
/** NIST SP 800-57 part 1; less than that is refused by browsers, too. */
const MIN_RSA_BITS = 2048
/** What others than the owner may not do with the key: its group may read it, as in `/etc/ssl/private`, and nobody else anything. */
const FORBIDDEN_MODE = 0o037

/**
 * Reads and checks the pair: both files readable, the key not for everybody, in a form that can be used, of the
 * certificate, and the certificate in force.
 * @throws CertificateError
 */
export async function readTlsPair(files: TlsFiles, now: Date): Promise<TlsPair> {
  const [cert, key] = await Promise.all([readPem('TLS_CERT', files.cert), readPem('TLS_KEY', files.key)])
  const mistakes = [cert, key].filter((read) => typeof read === 'string')
  if (typeof cert === 'string' || typeof key === 'string') throw new CertificateError(mistakes)
  const certificate = parse(`TLS_CERT ${files.cert}`, () => new X509Certificate(cert.text))
  const privateKey = parse(`TLS_KEY ${files.key}`, () => createPrivateKey(key.text))
  const unusable = [certificate, privateKey].filter((parsed) => typeof parsed === 'string')
  if (typeof certificate === 'string' || typeof privateKey === 'string') throw new CertificateError(unusable)
  const found = [
    ...modeMistakes(files.key, key.stats),
    ...pairMistakes(certificate, privateKey, files),
    ...dateMistakes(certificate, files, now),
  ]
  if (found.length > 0) throw new CertificateError(found)
  return { cert: cert.text, key: key.text, facts: factsOf(certificate) }
}

interface PemFile {
  text: Buffer
  stats: Stats
}

/** A sentence instead of the file where it cannot be read. */
async function readPem(variable: string, path: string): Promise<PemFile | string> {
  try {
    const stats = await stat(path)
    if (!stats.isFile() || stats.size > MAX_BYTES) return `${variable} ${path} is no PEM file, for example ${variable}=/etc/ssl/code.pem`
    return { text: await readFile(path), stats }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return `${variable} ${path} cannot be read (${reason}); give the file to the user that the server runs as, for example chown`
  }
}

function parse<Parsed>(what: string, read: () => Parsed): Parsed | string {
  try {
    return read()
  } catch (error) {
    const isLocked = error instanceof Error && 'code' in error && error.code === 'ERR_MISSING_PASSPHRASE'
    return isLocked
      ? `${what} is protected by a passphrase, which nobody could type at a restart; take it off with openssl pkey`
      : `${what} holds nothing that can be used; it must be PEM text that begins with -----BEGIN`
  }
}

function modeMistakes(path: string, { mode }: Stats): string[] {
  if (process.platform === 'win32' || (mode & FORBIDDEN_MODE) === 0) return []
  return [`TLS_KEY ${path} can be read or changed by other users (mode ${(mode & 0o777).toString(8)}), for example chmod 600 ${path}`]
}

function pairMistakes(certificate: X509Certificate, key: KeyObject, { cert, key: keyPath }: TlsFiles): string[] {
  if (!certificate.checkPrivateKey(key))
    return [`TLS_KEY ${keyPath} is not the key of the first certificate in TLS_CERT ${cert}; the server's own one comes first`]
  const bits = key.asymmetricKeyDetails?.modulusLength
  if (key.asymmetricKeyType === 'rsa' && bits !== undefined && bits < MIN_RSA_BITS)
    return [`TLS_KEY ${keyPath} has ${String(bits)} bits, which is too few; make one with openssl ecparam -name prime256v1 -genkey`]
  return []
}

function dateMistakes({ validFromDate, validToDate }: X509Certificate, { cert }: TlsFiles, now: Date): string[] {
  if (validToDate <= now) return [`TLS_CERT ${cert} expired on ${validToDate.toISOString()}; renew it`]
  if (validFromDate > now)
    return [
      `TLS_CERT ${cert} is not valid before ${validFromDate.toISOString()}; check the clock of this machine, which says ${now.toISOString()}`,
    ]
  return []
}

function factsOf({ subjectAltName, subject, validFromDate, validToDate, fingerprint256 }: X509Certificate): CertificateFacts {
  return { names: subjectAltName ?? subject, validFrom: validFromDate, validTo: validToDate, fingerprint: fingerprint256 }
}
