import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { register } from '../support/api-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestApp } from '../support/test-app.ts'
import { TestClock } from '../support/test-clock.ts'
import { runServerToItsEnd } from '../support/test-server.ts'
import { eventually } from '../support/within.ts'

/*
 * docs/verify-audit.mjs knows nothing of the product's code: it is run as a process on exports of a real log, with the key
 * that the command line printed.
 */

const SCRIPT = join(import.meta.dirname, '..', '..', 'docs', 'verify-audit.mjs')
const DAY_MS = 24 * 60 * 60_000
const Line = z.looseObject({ type: z.string(), seq: z.int(), hash: z.string() })
type Line = z.infer<typeof Line>

let onHost: (...words: string[]) => ReturnType<typeof runServerToItsEnd>
let keyFile = ''
let fingerprint = ''
/** As exported: entries in order, then checkpoints in order. */
let lines: readonly string[] = []
let checkpointFile = ''
let end = 0

beforeAll(async () => {
  const server = await startTestApp({ onEnd: afterAll })
  const device = await register(server.url, server.setupCode)
  const environment = { ENCRYPTION_KEY: server.key.toString('hex') }
  onHost = (...words) => runServerToItsEnd({ folder: server.folder, environment, arguments: ['audit', ...words], onEnd: afterAll })
  await device.addProject(server.projectPath)
  // Each export is sealed, and is itself an entry.
  for (let count = 0; count < 3; count += 1) await device.request('GET', '/audit/export')
  const { body } = await device.request('GET', '/audit/export')
  lines = String(body).trim().split('\n')
  end = parsed(lines).filter(({ type }) => type === 'entry').length
  checkpointFile = join(server.folder, 'data', 'audit', 'checkpoints.jsonl')
  const { code, output } = await onHost('public-key')
  expect(code).toBe(0)
  fingerprint = /is ([0-9a-f]{64})\./.exec(output)?.[1] ?? ''
  keyFile = join(server.folder, 'audit-public.pem')
  await writeFile(keyFile, /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\n/.exec(output)?.[0] ?? '')
})

function parsed(text: readonly string[]): Line[] {
  return text.map((line) => Line.parse(JSON.parse(line)))
}

/** The export with some lines made others: one, none or more of each. */
function changed(change: (line: Line) => Line | Line[]): string {
  return parsed(lines)
    .flatMap(change)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
}

interface VerifyOptions {
  key?: string
  /** Of the file with the text. */
  name?: string
  /** Files before it, and what comes after. */
  before?: readonly string[]
  more?: readonly string[]
}

async function verify(text: string | Buffer, options: VerifyOptions = {}) {
  const { key = keyFile, name = 'export.jsonl', before = [], more = [] } = options
  const file = join(await temporaryFolder(), name)
  await writeFile(file, text)
  return run([key, ...before, file, ...more])
}

function run(parameters: readonly string[], input = ''): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [SCRIPT, ...parameters], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr })
    })
    child.stdin?.end(input)
  })
}

/** The numbers of the entries that checkpoints vouch for. */
const sealed = () => parsed(lines).flatMap(({ type, seq }) => (type === 'checkpoint' ? [seq] : []))

test('an export is as it was written, to its very end, and the key is the one that verify names', async () => {
  expect(await verify(`${lines.join('\n')}\n`)).toEqual({
    code: 0,
    output: `Entries 1 to ${end} are as they were written, signed up to entry ${end}.\nChecked with the key ${fingerprint}: is it the one that you noted?\n`,
  })
  expect(sealed().length).toBeGreaterThan(2)
  expect(await run([keyFile], `${lines.join('\n')}\n`)).toMatchObject({ code: 0 })
  const { output } = await onHost('verify')
  expect(output).toContain(fingerprint)
})

test('an export by the command line is signed to its end, beside the running server', async () => {
  const { output } = await onHost('export')
  const verified = await verify(output)
  expect(verified.code).toBe(0)
  expect(verified.output).not.toContain('vouches')
})

test('several processes that write and sign at once leave one whole chain', async () => {
  const exports = await Promise.all([onHost('export'), onHost('export'), onHost('export')])
  expect(exports.map(({ code }) => code)).toEqual([0, 0, 0])
  expect(await onHost('verify')).toMatchObject({ code: 0 })
  expect((await verify((await onHost('export')).output, { more: [checkpointFile] })).code).toBe(0)
})

test.for(['actor', 'at', 'details', 'subject', 'hash', 'prev', 'id'] as const)('an entry whose %s was edited is named', async (name) => {
  const value = name === 'details' ? { number: 1 } : 'f'.repeat(64)
  const text = changed((line) => (line.type === 'entry' && line.seq === 3 ? { ...line, [name]: value } : line))
  expect(await verify(text)).toMatchObject({ code: 1, output: expect.stringMatching(/^Entry 3 (was changed|does not follow)/) })
})

test('a deleted entry is named, be it the first, one in the middle or one that was renumbered', async () => {
  const without = (seq: number) => changed((line) => (line.type === 'entry' && line.seq === seq ? [] : line))
  expect(await verify(without(1))).toMatchObject({ code: 1, output: expect.stringMatching(/^Entry 1 is missing/) })
  expect(await verify(without(4))).toMatchObject({ code: 1, output: expect.stringMatching(/^Entry 4 is missing/) })
  const renumbered = changed((line) => {
    if (line.type !== 'entry' || line.seq < 4) return line
    return line.seq === 4 ? [] : { ...line, seq: line.seq - 1 }
  })
  expect(await verify(renumbered)).toMatchObject({ code: 1, output: expect.stringMatching(/^Entry 4 does not follow/) })
})

test('entries that changed places are named by the first of them', async () => {
  const [one = '', two = '', three = '', four = '', ...rest] = lines
  const { code, output } = await verify([one, three, two, four, ...rest, ''].join('\n'))
  expect({ code, output }).toMatchObject({ code: 1, output: expect.stringMatching(/^Entry 2 is missing: after 1 comes 3/) })
})

test('an end that was cut off behind a checkpoint is named by its first entry', async () => {
  const [first = 0] = sealed()
  const text = changed((line) => (line.type === 'entry' && line.seq > first ? [] : line))
  expect(await verify(text)).toMatchObject({ code: 1, output: expect.stringMatching(new RegExp(`^Entry ${first + 1} is missing`)) })
})

test('a whole tail with its checkpoints is missed only where a checkpoint was kept elsewhere', async () => {
  const [first = 0] = sealed()
  const text = changed((line) => (line.seq > first ? [] : line))
  expect(await verify(text)).toMatchObject({ code: 0 })
  const pinned = await verify(text, { more: [checkpointFile] })
  expect(pinned).toMatchObject({ code: 1, output: expect.stringMatching(new RegExp(`^Entry ${first + 1} is missing`)) })
})

test('a swapped key, a forged checkpoint and one of another entry are named', async () => {
  const [first = 0] = sealed()
  const other = join(await temporaryFolder(), 'other.pem')
  await writeFile(other, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }))
  const swapped = await verify(lines.join('\n'), { key: other })
  expect(swapped).toMatchObject({
    code: 1,
    output: expect.stringContaining(`Entry ${first} has a checkpoint that is signed by another key`),
  })

  const forge = (more: object) => changed((line) => (line.type === 'checkpoint' && line.seq === first ? { ...line, ...more } : line))
  const bad = { code: 1, output: expect.stringContaining(`Entry ${first} has a checkpoint that has a signature that is not valid`) }
  expect(await verify(forge({ signature: Buffer.alloc(64).toString('base64') }))).toMatchObject(bad)
  expect(await verify(forge({ hash: 'f'.repeat(64) }))).toMatchObject(bad)
  expect(await verify(forge({ at: '2026-01-01T00:00:00.000Z' }))).toMatchObject(bad)
})

test('without any checkpoint nothing vouches for the entries', async () => {
  const text = changed((line) => (line.type === 'checkpoint' ? [] : line))
  expect(await verify(text)).toMatchObject({ code: 1, output: expect.stringMatching(/^Entry 1 and all after it are vouched for by no/) })
})

test('a part, compressed too, is checked from the hash before it, and parts follow from each other', async () => {
  const entries = lines.filter((line) => line.includes('"type":"entry"'))
  const head = gzipSync(`${entries.slice(0, 2).join('\n')}\n`)
  const rest = `${lines.slice(2).join('\n')}\n`
  const before = parsed(entries)[1]
  expect(await verify(gzipSync(rest), { name: 'segment.jsonl.gz', more: [`--after=2:${before?.hash ?? ''}`] })).toMatchObject({ code: 0 })
  expect(await verify(rest, { more: [`--after=2:${'0'.repeat(64)}`] })).toMatchObject({
    code: 1,
    output: expect.stringMatching(/^Entry 3 does not follow/),
  })
  expect(await verify(rest)).toMatchObject({ code: 1, output: expect.stringMatching(/^Entry 1 is missing/) })
  const tail = join(await temporaryFolder(), 'tail.jsonl')
  await writeFile(tail, rest)
  expect(await verify(head, { name: 'head.jsonl.gz', more: [tail] })).toMatchObject({ code: 0 })
})

test('a sealed segment is checked alone, and with what is left in the database', async () => {
  const clock = new TestClock()
  const first = await startTestApp({ clock })
  const device = await register(first.url, first.setupCode)
  await device.request('GET', '/audit/export')
  await first.close()
  clock.advance(40 * DAY_MS)
  const server = await startTestApp({ of: first, clock, environment: { AUDIT_RETENTION_DAYS: '30' } })
  const environment = { ENCRYPTION_KEY: server.key.toString('hex') }
  const host = (...words: string[]) => runServerToItsEnd({ folder: server.folder, environment, arguments: ['audit', ...words] })
  const audit = join(server.folder, 'data', 'audit')
  const name = await eventually('a segment', async () => (await readdir(audit)).find((file) => file.endsWith('.gz')))
  const [, segmentEnd = ''] = /^segment-1-(\d+)\.jsonl\.gz$/.exec(name) ?? []
  const key = join(server.folder, 'audit-public.pem')
  await writeFile(key, /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\n/.exec((await host('public-key')).output)?.[0] ?? '')
  const segment = join(audit, name)

  const alone = await run([key, segment])
  expect(alone).toMatchObject({
    code: 0,
    output: expect.stringContaining(`Entries 1 to ${segmentEnd} are as they were written, signed up to`),
  })
  const rest = (await host('export')).output
  const both = await verify(rest, { key, before: [segment] })
  expect(both).toMatchObject({ code: 0, output: expect.stringContaining('Entries 1 to ') })
  const hash =
    /"hash":"([0-9a-f]{64})"/.exec(
      gunzipSync(await readFile(segment))
        .toString('utf8')
        .trim()
        .split('\n')
        .at(-1) ?? '',
    )?.[1] ?? ''
  expect(await verify(rest, { key, more: [`--after=${segmentEnd}:${hash}`] })).toMatchObject({ code: 0 })
  expect(await verify((await host('export', '--all')).output, { key })).toMatchObject({ code: 0 })
})

test('a line that two readers could read differently is refused, and so is what is no export', async () => {
  const twice = lines.map((line, index) => (index === 2 ? line.replace('{"type"', '{"actor":"eve","type"') : line)).join('\n')
  expect(await verify(twice)).toMatchObject({ code: 2, output: expect.stringContaining('line 3 of ') })
  expect(await verify('hello\n')).toMatchObject({ code: 2 })
  expect(await verify('null\n')).toMatchObject({ code: 2 })
  expect(await run([])).toMatchObject({ code: 2, output: expect.stringContaining('usage: ') })
})

test('the script stands alone: it imports nothing but Node', async () => {
  const imports = [...(await readFile(SCRIPT, 'utf8')).matchAll(/ from '([^']+)'/g)].map(([, name]) => name)
  expect(imports.length).toBeGreaterThan(2)
  for (const name of imports) expect(name).toMatch(/^node:/)
})
