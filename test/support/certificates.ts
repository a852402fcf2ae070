import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TlsFiles } from '../../src/server/http/tls/certificate.ts'

const run = promisify(execFile)

export interface CertificateOptions {
  /** As `openssl req -newkey` takes it. */
  key?: readonly string[]
  /** As `openssl req` takes it. */
  validity?: readonly string[]
  /** As `subjectAltName` takes them; this machine's unless given. */
  names?: string
}

const ELLIPTIC = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']

/** Makes a certificate that is signed by itself, for this machine, in `folder`; `name` is its subject's. */
export async function makeCertificate(
  folder: string,
  name: string,
  { key = ELLIPTIC, validity = ['-days', '2'], names = 'DNS:localhost,IP:127.0.0.1' }: CertificateOptions = {},
): Promise<TlsFiles> {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) }
  const extensions = ['-addext', `subjectAltName=${names}`]
  const places = ['-keyout', files.key, '-out', files.cert]
  await run('openssl', ['req', '-x509', '-newkey', ...key, '-nodes', '-subj', `/CN=${name}`, ...validity, ...extensions, ...places])
  return files
}
