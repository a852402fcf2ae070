#!/usr/bin/env node
// Checks an export of AI Code UI's audit log without AI Code UI: node verify-audit.mjs KEY.pem FILE... (see audit-log.md)
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createGunzip } from 'node:zlib'

const sha256 = (data) => createHash('sha256').update(data).digest('hex')

// RFC 8785. JSON.stringify writes numbers and strings as it asks for, and sort() compares UTF-16 code units.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.keys(value).sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}

async function* recordsOf(file) {
  const bytes = file === '-' ? process.stdin : createReadStream(file)
  const text = file.endsWith('.gz') ? bytes.on('error', (error) => text.destroy(error)).pipe(createGunzip()) : bytes
  let number = 0
  for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    const record = JSON.parse(line)
    // Otherwise a member could stand there twice, and a reader see another one than is checked here.
    if (JSON.stringify(record) !== line) throw new Error(`line ${number} of ${file} is not written as an export writes it`)
    yield record
  }
}

function signatureFault({ type, signature, ...statement }, { key, keyId }) {
  if (statement.keyId !== keyId) return 'is signed by another key'
  return verify(null, canonical({ ...statement, v: 1 }), key, Buffer.from(signature, 'base64')) ? null : 'has a signature that is not valid'
}

function entryFault({ type, hash, ...content }, before) {
  if (content.seq !== before.seq + 1) return [before.seq + 1, `is missing: after ${before.seq} comes ${content.seq}`]
  if (content.prev !== before.hash) return [content.seq, 'does not follow from the entry before it']
  return sha256(canonical({ ...content, v: 1 })) === hash ? null : [content.seq, 'was changed: its content does not have its hash']
}

async function check(files, signer, start) {
  const hashes = new Map([[start.seq, start.hash]])
  const checkpoints = []
  const faults = []
  let last = start
  for (const file of files) {
    for await (const record of recordsOf(file)) {
      if (record.signature !== undefined) checkpoints.push(record)
      else if (faults.length === 0) {
        const fault = entryFault(record, last)
        if (fault) faults.push(fault)
        else hashes.set(record.seq, (last = record).hash)
      }
    }
  }
  for (const checkpoint of checkpoints) {
    const fault = signatureFault(checkpoint, signer)
    const isWrong = hashes.has(checkpoint.seq) && hashes.get(checkpoint.seq) !== checkpoint.hash
    if (fault) faults.push([checkpoint.seq, `has a checkpoint that ${fault}`])
    else if (isWrong) faults.push([checkpoint.seq, 'or one before it was changed: a signed checkpoint names another hash'])
    else if (checkpoint.seq > last.seq) faults.push([last.seq + 1, `is missing: a signed checkpoint vouches for entry ${checkpoint.seq}`])
  }
  const signedTo = checkpoints.reduce((newest, { seq }) => Math.max(newest, seq), start.seq)
  if (signedTo === start.seq && last.seq > start.seq) faults.push([start.seq + 1, 'and all after it are vouched for by no checkpoint'])
  return { fault: faults.sort(([a], [b]) => a - b)[0], from: start.seq + 1, to: last.seq, signedTo }
}

async function run() {
  const { values, positionals } = parseArgs({ options: { after: { type: 'string' } }, allowPositionals: true })
  const [keyFile, ...files] = positionals
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(values.after ?? `0:${'0'.repeat(64)}`) ?? []
  if (!keyFile || !hash) throw new Error('usage: node verify-audit.mjs [--after NUMBER:HASH] KEY.pem [FILE...]; - is standard input')
  const key = createPublicKey(readFileSync(keyFile))
  const fingerprint = sha256(key.export({ type: 'spki', format: 'der' }))
  const signer = { key, keyId: fingerprint.slice(0, 16) }
  const { fault, from, to, signedTo } = await check(files.length > 0 ? files : ['-'], signer, { seq: Number(seq), hash })
  const rest = signedTo < to ? `; nothing vouches for the ${to - signedTo} after that` : ''
  if (fault) console.log(`Entry ${fault[0]} ${fault[1]}.`)
  else console.log(`Entries ${from} to ${to} are as they were written, signed up to entry ${signedTo}${rest}.`)
  console.log(`Checked with the key ${fingerprint}: is it the one that you noted?`)
  process.exitCode = fault ? 1 : 0
}

run().catch((error) => {
  console.error(`Not checked: ${error.message}`)
  process.exitCode = 2
})
