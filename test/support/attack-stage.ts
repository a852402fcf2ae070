import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WsTicket } from '#protocol/auth'
import { type Device, PASSWORD, register, signIn } from './api-client.ts'
import { type RawAnswer, type RawRequest, sendBytes, sendRaw } from './raw-http.ts'
import { type RawOutcome, type RawUpgrade, upgradeRaw } from './raw-socket.ts'
import type { OnEnd } from './temporary-folder.ts'
import { startTestServer, type TestServer } from './test-server.ts'
import { accept, invite } from './user-steps.ts'

/** Signs the stage's access tokens, so that an attack can say what a leak of it would give away and what not. */
export const STAGE_SECRET = 'n7Vd2Lq9Zx4Wb8Tk1Rm6Yc3Hp5Jf0Gs-stage-secret'

/** The real server in a process of its own, with an owner and two members, one of whom attacks the other. */
export interface AttackStage {
  server: TestServer
  url: string
  /** As in `127.0.0.1:4242`. */
  host: string
  /** The owner. */
  ada: Device
  /** A member. */
  bob: Device
  /** A file that nothing may ever create. */
  canary: string
  /** A request from a loopback address that nobody used before, unless it names one. */
  send: (request: RawRequest) => Promise<RawAnswer>
  sendBytes: (bytes: string | Buffer) => Promise<string>
  upgrade: (upgrade: RawUpgrade) => Promise<RawOutcome>
  /** An open `/ws` of the owner that sends these frames. */
  sendFrames: (frames: readonly Buffer[], patience?: number) => Promise<RawOutcome>
  ticket: () => Promise<string>
  isCanaryThere: () => boolean
}

export interface AttackStageOptions {
  onEnd?: OnEnd
  environment?: Record<string, string>
}

/** What an attack does; it throws, as an assertion does, where the product gives in. */
export interface Attack {
  /** As in the list of attacks; one of ours begins with OWN. */
  id: string
  title: string
  run: (stage: AttackStage) => Promise<void>
}

export async function startAttackStage({ onEnd, environment = {} }: AttackStageOptions = {}): Promise<AttackStage> {
  const server = await startTestServer({
    ...(onEnd ? { onEnd } : {}),
    environment: { JWT_SECRET: STAGE_SECRET, LOG_LEVEL: 'info', ...environment },
  })
  const { url } = server
  const ada = await register(url, server.setupCode)
  await accept(url, (await invite(ada, 'member')).code, 'bob', PASSWORD)
  const bob = await signIn(url, 'bob')
  const canary = join(server.folder, 'canary')
  await mkdir(join(server.workspacesRoot, 'shop'))
  await writeFile(join(server.workspacesRoot, 'shop', 'README.md'), '# Shop\n')
  const ticket = async () => WsTicket.parse((await ada.request('POST', '/auth/ws-ticket')).body).ticket
  return {
    server,
    url,
    host: new URL(url).host,
    ada,
    bob,
    canary,
    ticket,
    send: (request) => sendRaw(url, { from: nextAddress(), ...request }),
    sendBytes: (bytes) => sendBytes(url, bytes),
    upgrade: (upgrade) => upgradeRaw(url, upgrade),
    sendFrames: async (frames, patience) =>
      upgradeRaw(url, { path: `/ws?ticket=${await ticket()}`, frames, ...(patience === undefined ? {} : { patience }) }),
    isCanaryThere: () => existsSync(canary),
  }
}

let lastAddress = 1

/** Attempts are counted by address: an attack that is not about that must not meet the limit of another. */
export function nextAddress(): string {
  lastAddress += 1
  return `127.0.${String(lastAddress >> 8)}.${String(lastAddress & 255)}`
}
