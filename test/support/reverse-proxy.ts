import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'vitest'
import { makeCertificate } from './certificates.ts'
import { DEPLOY, freePort, needTool, type Run, runTool, startTool } from './deploy-tools.ts'
import { type OnEnd, temporaryFolder } from './temporary-folder.ts'
import { eventually } from './within.ts'

/** The host name of the shipped examples. */
export const HOST = 'code.example.org'

export interface Proxy {
  /** Of HTTPS. */
  port: number
  /** Of plain HTTP. */
  plainPort: number
  /** As a browser writes it. */
  origin: string
  /** Everything that it logged so far. */
  logs: () => Promise<string>
}

export interface ProxyOptions {
  /** The port of the product. */
  upstream: number
  skip: TestContext['skip']
  onEnd: OnEnd
}

/** What an example of ours says becomes what holds here; every text must be there, so that no part goes untested by mistake. */
function rewritten(text: string, changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`The example does not say "${from}" any more.`)
    return changed.replaceAll(from, to)
  }, text)
}

/** The shipped files in a folder laid out as /etc/nginx, with this test's ports and paths. `site`: for the one that shares its name. */
async function nginxFolder(upstream: number, onEnd: OnEnd, layout: 'own-name' | 'sub-path') {
  const folder = await temporaryFolder(onEnd)
  const [port, plainPort] = [await freePort(), await freePort()]
  for (const each of ['conf.d', 'snippets', 'log', 'temp']) await mkdir(join(folder, each))
  const { cert, key } = await makeCertificate(folder, HOST)
  const places = [['/var/log/nginx/', `${folder}/log/`]] as const
  for (const name of ['ai-code-ui-proxy.conf', 'ai-code-ui-away.conf']) await cp(`${DEPLOY}/nginx/${name}`, join(folder, 'snippets', name))
  const shipped = rewritten(await readFile(`${DEPLOY}/nginx/ai-code-ui.conf`, 'utf8'), [
    ...places,
    ['/etc/ssl/ai-code-ui/fullchain.pem', cert],
    ['/etc/ssl/ai-code-ui/privkey.pem', key],
    ['listen 443', `listen 127.0.0.1:${String(port)}`],
    ['listen 80;', `listen 127.0.0.1:${String(plainPort)};`],
    ['127.0.0.1:3001', `127.0.0.1:${String(upstream)}`],
  ])
  const subPath = rewritten(await readFile(`${DEPLOY}/nginx/ai-code-ui-subpath.conf`, 'utf8'), places)
  const ownLocation = /location \/ \{\n\s+include[^}]*\}/
  if (!ownLocation.test(shipped)) throw new Error('The example has no location of its own any more.')
  const elsewhere = `${subPath}\nlocation / { return 200 "another application\\n"; }`
  await writeFile(join(folder, 'conf.d/ai-code-ui.conf'), layout === 'own-name' ? shipped : shipped.replace(ownLocation, elsewhere))
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/temp/${name};`)
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log ${folder}/log/error.log warn; worker_processes 1;
events { worker_connections 256; }
http { access_log off; ${temporary.join(' ')} include conf.d/*.conf; }
`,
  )
  return { folder, port, plainPort }
}

/** What nginx itself says of the shipped files. */
export async function checkNginx(skip: TestContext['skip'], onEnd: OnEnd, layout: 'own-name' | 'sub-path'): Promise<Run> {
  const { folder } = await nginxFolder(3001, onEnd, layout)
  return runTool(needTool('nginx', skip), ['-t', '-p', folder, '-c', join(folder, 'nginx.conf')])
}

/** The real nginx with the shipped files. */
export async function startNginx({ upstream, skip, onEnd }: ProxyOptions, layout: 'own-name' | 'sub-path'): Promise<Proxy> {
  const nginx = needTool('nginx', skip)
  const { folder, port, plainPort } = await nginxFolder(upstream, onEnd, layout)
  startTool(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')], { onEnd, home: folder })
  await Promise.all([answers(port), answers(plainPort)])
  const files = ['ai-code-ui.log', 'ai-code-ui-error.log', 'error.log'].map((name) => join(folder, 'log', name))
  return { port, plainPort, origin: `https://${HOST}:${String(port)}`, logs: () => textOf(files) }
}

/** The real Caddy with the shipped file. Certificates come from here and not from a public authority. */
export async function startCaddy({ upstream, skip, onEnd }: ProxyOptions): Promise<Proxy> {
  const caddy = needTool('caddy', skip)
  const folder = await temporaryFolder(onEnd)
  const [port, plainPort] = [await freePort(), await freePort()]
  const { cert, key } = await makeCertificate(folder, HOST)
  const log = join(folder, 'ai-code-ui.log')
  const file = rewritten(await readFile(`${DEPLOY}/caddy/Caddyfile`, 'utf8'), [
    ['\n{\n', `\n{\n\tadmin off\n\thttp_port ${String(plainPort)}\n\thttps_port ${String(port)}\n\tstorage file_system ${folder}\n`],
    ['code.example.org {\n', `code.example.org {\n\ttls ${cert} ${key}\n`],
    ['/var/log/caddy/ai-code-ui.log', log],
    ['127.0.0.1:3001', `127.0.0.1:${String(upstream)}`],
  ])
  await writeFile(join(folder, 'Caddyfile'), file)
  const { output } = startTool(caddy, ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], { onEnd, home: folder })
  await answers(port)
  return { port, plainPort, origin: `https://${HOST}:${String(port)}`, logs: async () => `${await textOf([log])}\n${output()}` }
}

async function textOf(paths: readonly string[]): Promise<string> {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')))
  return texts.join('\n')
}

function answers(port: number): Promise<true> {
  return eventually(`port ${String(port)} to answer`, () => {
    return new Promise<true | null>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => {
        resolve(null)
      })
    })
  })
}
