import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { ROOT } from '../scripts/run-command.ts'
import { Child } from './child.ts'
import { plainEnvironment, type Workbench } from './workbench.ts'

/** The owner's name and password. */
export const SIGN_IN = { username: 'bench', password: 'correct horse battery staple 42' }
const SETUP_CODE = 'BENCH-SETUP-CODE'
/** The key of the database, so that the bare server can open the same file. */
export const DATABASE_KEY = '3f1d0c9a7be24856a1c35d7e9f02b4681e5a3c7d9b0f24681357acebd8f06e2b'

const TokenResponse = z.object({ token: z.string() })
const Created = z.object({ id: z.string() })

export interface Product {
  child: Child
  /** Without a slash at its end. */
  url: string
  port: number
  stop(): Promise<void>
}

export interface Account {
  token: string
  projectId: string
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

export function dataDirectory(workbench: Workbench): string {
  return join(workbench.directory, 'data')
}

/** Starts the built product as a person would, and does not wait for it to answer. */
export async function launchProduct(workbench: Workbench, environment: Record<string, string> = {}): Promise<Product> {
  await mkdir(dataDirectory(workbench), { recursive: true })
  const port = await freePort()
  const child = new Child([process.execPath, join(ROOT, 'bin', 'ai-code-ui.js'), 'start', '--port', String(port)], {
    ...plainEnvironment(),
    ...workbench.agentEnvironment,
    DATA_DIR: dataDirectory(workbench),
    ENCRYPTION_KEY: DATABASE_KEY,
    SETUP_CODE,
    WORKSPACES_ROOT: join(workbench.directory, 'work'),
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'json',
    // What the server can do is measured, not what it lets one user do.
    RATE_LIMITS: 'reading=100000000,writing=100000000,anonymous=100000000,sign-in=100000',
    ...environment,
  })
  return { child, url: `http://127.0.0.1:${port}`, port, stop: () => child.stop() }
}

/** Starts the product and waits for the line that says that it answers. */
export async function startProduct(workbench: Workbench, environment?: Record<string, string>): Promise<Product> {
  const product = await launchProduct(workbench, environment)
  await product.child.nextLine()
  return product
}

/** Makes the first account, or logs it in where it is there already, and opens the project. */
export async function signIn(product: Product, workbench: Workbench): Promise<Account> {
  const registered = await post(product, '/api/auth/register', { ...SIGN_IN, setupCode: SETUP_CODE })
  const answer = registered.ok ? registered : await post(product, '/api/auth/login', SIGN_IN)
  const { token } = TokenResponse.parse(await answer.json())
  const opened = await post(product, '/api/projects', { path: workbench.project }, { authorization: `Bearer ${token}` })
  if (opened.ok) return { token, projectId: Created.parse(await opened.json()).id }
  const known = await fetch(`${product.url}/api/projects`, { headers: { authorization: `Bearer ${token}` } })
  const { items } = z.object({ items: z.array(Created) }).parse(await known.json())
  const [project] = items
  if (project === undefined) throw new Error(`The project could not be opened: ${await opened.text()}`)
  return { token, projectId: project.id }
}

/** Signs a browser's cookie jar in; `request` is the browser's own. */
export const LOGIN = { path: '/api/auth/login', body: SIGN_IN }

export function post(product: Product, path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(product.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}
