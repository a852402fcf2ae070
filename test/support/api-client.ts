import { TokenResponse, type User } from '#protocol/auth'
import { Project } from '#protocol/projects'
import { SocketClient } from './socket-client.ts'

export const PASSWORD = 'correct horse battery'

export interface ApiAnswer {
  status: number
  headers: Headers
  /** Parsed where there is JSON, else the text. */
  body: unknown
}

export interface ApiRequest {
  body?: unknown
  headers?: Record<string, string>
}

/** One device that is signed in: what a browser would hold. */
export class Device {
  readonly url: string
  readonly user: User
  readonly token: string
  /** The refresh cookie as a browser sends it. */
  readonly refreshCookie: string

  constructor(url: string, answer: ApiAnswer) {
    const { token, user } = TokenResponse.parse(answer.body)
    this.url = url
    this.user = user
    this.token = token
    this.refreshCookie = refreshCookieOf(answer)
  }

  request(method: string, path: string, { body, headers }: ApiRequest = {}): Promise<ApiAnswer> {
    return callApi(this.url, method, path, { body, headers: { authorization: `Bearer ${this.token}`, ...headers } })
  }

  connect(): Promise<SocketClient> {
    return SocketClient.connect(this.url, { query: `token=${this.token}` })
  }

  /** @throws Error when the answer is no project */
  async addProject(path: string): Promise<Project> {
    const { body } = await this.request('POST', '/projects', { body: { path } })
    return Project.parse(body)
  }
}

/** A request to `/api`. */
export async function callApi(url: string, method: string, path: string, { body, headers }: ApiRequest = {}): Promise<ApiAnswer> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: parseOrText(text) }
}

/** Makes the first account. */
export async function register(url: string, setupCode: string | null, username = 'ada'): Promise<Device> {
  const answer = await callApi(url, 'POST', '/auth/register', { body: { username, password: PASSWORD, setupCode: setupCode ?? '' } })
  return new Device(url, answer)
}

export async function signIn(url: string, username = 'ada', userAgent = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0'): Promise<Device> {
  const answer = await callApi(url, 'POST', '/auth/login', { body: { username, password: PASSWORD }, headers: { 'user-agent': userAgent } })
  return new Device(url, answer)
}

/** The refresh cookie that an answer sets, as `name=value`. */
function refreshCookieOf({ headers }: ApiAnswer): string {
  const cookie = headers.getSetCookie().find((each) => each.startsWith('acu_refresh_'))
  return cookie?.split(';')[0] ?? ''
}

function parseOrText(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text)
    return parsed
  } catch {
    return text
  }
}
