import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

/* A WebSocket client that follows no rule: it sends the bytes it is given, and says what came back. */

export interface RawUpgrade {
  /** With its query. */
  path: string
  headers?: Record<string, string>
  /** Sent after the upgrade, one after the other. */
  frames?: readonly Buffer[]
  /** Milliseconds after which the client stops waiting for the server to close. */
  patience?: number
}

export interface RawOutcome {
  /** Of the answer to the upgrade; 101 where it was made. */
  status: number
  head: string
  /** Text frames of the server. */
  texts: string[]
  /** The close code; null where it closed without a frame, undefined where it stayed open. */
  closed: number | null | undefined
}

export function upgradeRaw(url: string, { path, headers = {}, frames = [], patience = 3000 }: RawUpgrade): Promise<RawOutcome> {
  const { hostname, port, host } = new URL(url)
  const head = { Host: host, Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13', ...KEY(), ...headers }
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`))
    const reader = new FrameReader()
    let hasEnded = false
    let hasSent = false
    const timer = setTimeout(() => socket.destroy(), patience)
    socket.on('error', () => {})
    socket.once('end', () => {
      hasEnded = true
    })
    socket.on('data', (chunk: Buffer) => {
      reader.take(chunk)
      if (reader.status === 101 && !hasSent) {
        hasSent = true
        for (const frame of frames) socket.write(frame)
      }
      if (reader.closeCode !== undefined || (reader.status !== 0 && reader.status !== 101)) socket.destroy()
    })
    socket.once('close', () => {
      clearTimeout(timer)
      const closed = reader.closeCode ?? (hasEnded ? null : undefined)
      resolve({ status: reader.status, head: reader.head, texts: reader.texts, closed })
    })
  })
}

const KEY = () => ({ 'Sec-WebSocket-Key': randomBytes(16).toString('base64') })

/** A masked frame (RFC 6455, section 5.2). `opcode` 1 is text, 0 a continuation, 8 close, 9 ping. */
export function frame(payload: string | Buffer, { opcode = 1, isLast = true }: { opcode?: number; isLast?: boolean } = {}): Buffer {
  const data = Buffer.from(payload)
  const first = (isLast ? 0x80 : 0) | opcode
  const mask = randomBytes(4)
  return Buffer.concat([lengthHeader(first, data.length), mask, data.map((byte, index) => byte ^ (mask[index % 4] ?? 0))])
}

/** The head of a frame that says it has so many bytes, and none of them. */
export function announced(length: number): Buffer {
  return Buffer.concat([lengthHeader(0x81, length), Buffer.alloc(4)])
}

function lengthHeader(first: number, length: number): Buffer {
  if (length < 126) return Buffer.from([first, 0x80 | length])
  const header = Buffer.alloc(length < 65_536 ? 4 : 10)
  header[0] = first
  header[1] = length < 65_536 ? 0xfe : 0xff
  if (length < 65_536) header.writeUInt16BE(length, 2)
  else header.writeBigUInt64BE(BigInt(length), 2)
  return header
}

class FrameReader {
  status = 0
  head = ''
  readonly texts: string[] = []
  closeCode: number | undefined
  #rest = Buffer.alloc(0)

  take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk])
    if (this.status === 0) this.#readHead()
    if (this.status === 101) while (this.#readFrame());
  }

  #readHead(): void {
    const end = this.#rest.indexOf('\r\n\r\n')
    if (end < 0) return
    this.head = this.#rest.subarray(0, end).toString('latin1')
    this.status = Number(/^HTTP\/1\.1 (\d+)/.exec(this.head)?.[1] ?? 0)
    this.#rest = this.#rest.subarray(end + 4)
  }

  /** Frames of the server are short here and never masked. Returns whether there was one. */
  #readFrame(): boolean {
    const [first = 0, second = 0] = this.#rest
    const isLong = (second & 127) === 126
    const start = isLong ? 4 : 2
    if (this.#rest.length < start || (second & 127) === 127) return false
    const length = isLong ? this.#rest.readUInt16BE(2) : second & 127
    if (this.#rest.length < start + length) return false
    this.#note(first & 15, this.#rest.subarray(start, start + length))
    this.#rest = this.#rest.subarray(start + length)
    return true
  }
  #note(opcode: number, payload: Buffer): void {
    if (opcode === 1) this.texts.push(payload.toString('utf8'))
    if (opcode === 8) this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005
  }
}
