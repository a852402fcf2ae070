import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { DomainError } from '../platform/domain-error.ts'
import type { BackupKey } from './archive.ts'

const LEAST_CHARACTERS = 12

/** Where the key of a backup comes from, as the command line says it. */
export interface KeyChoice {
  /** Ask for it, or read the first line of standard input where that is no terminal. */
  passphrase?: boolean
  passphraseFile?: string
  /** Holds an age identity; `FILE.key` unless said. */
  keyFile?: string
}

/** There is no key, or none that could be one. */
class BackupKeyError extends DomainError {
  constructor(sentence: string) {
    super('BAD_REQUEST', sentence)
  }
}

/**
 * The key for a new backup. A key file that does not exist is made.
 * @returns with the path of a key file that was made
 * @throws BackupKeyError
 */
export async function keyForBackup(
  choice: KeyChoice,
  backup: string,
): Promise<{ key: BackupKey; made: string | null; keyFile: string | null }> {
  if (asksPassphrase(choice)) {
    const passphrase = await passphraseOf(choice, ['Passphrase for the backup: ', 'The same once more: '])
    if (passphrase.length < LEAST_CHARACTERS)
      throw new BackupKeyError(
        `The passphrase needs ${String(LEAST_CHARACTERS)} characters or more: whoever has the file can try as many as they like.`,
      )
    return { key: { kind: 'passphrase', passphrase }, made: null, keyFile: null }
  }
  const keyFile = choice.keyFile ?? `${backup}.key`
  if (existsSync(keyFile)) {
    refuseForeign(keyFile)
    return { key: await identityIn(keyFile), made: null, keyFile }
  }
  writeFileSync(keyFile, `# Opens ${backup}. Keep it apart from it.\n${await generateX25519Identity()}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  })
  return { key: await identityIn(keyFile), made: keyFile, keyFile }
}

/** The key of a backup that exists. @param kind what it wants @throws BackupKeyError */
export async function keyForRestore(choice: KeyChoice, backup: string, kind: BackupKey['kind']): Promise<BackupKey> {
  if (kind === 'passphrase') return { kind, passphrase: await passphraseOf(choice, ['Passphrase of the backup: ']) }
  const keyFile = choice.keyFile ?? `${backup}.key`
  if (!existsSync(keyFile))
    throw new BackupKeyError(`${backup} opens with a key file, and ${keyFile} does not exist. Name it with --key-file.`)
  return identityIn(keyFile)
}

/** In a folder that others write to, as `/tmp`, somebody may have put a key of theirs where ours would be made. */
function refuseForeign(keyFile: string): void {
  const { uid } = statSync(keyFile)
  if (process.getuid !== undefined && uid !== process.getuid() && uid !== 0)
    throw new BackupKeyError(`${keyFile} belongs to user ${String(uid)}, who could open the backup. Name another file with --key-file.`)
}

function asksPassphrase({ passphrase, passphraseFile }: KeyChoice): boolean {
  return passphrase === true || passphraseFile !== undefined
}

async function identityIn(path: string): Promise<BackupKey> {
  const identity = /^AGE-SECRET-KEY-1[0-9A-Z]+$/m.exec(readOrExplain(path))?.[0]
  if (identity === undefined) throw new BackupKeyError(`${path} holds no key of a backup (a line that begins with AGE-SECRET-KEY-1).`)
  return { kind: 'identity', identity, recipient: await identityToRecipient(identity) }
}

/** @param questions asked one after the other where somebody types; the answers must be the same */
async function passphraseOf({ passphraseFile }: KeyChoice, questions: readonly string[]): Promise<string> {
  const given = passphraseFile === undefined ? await typed(questions) : readOrExplain(passphraseFile).split(/\r?\n/, 1)
  const [passphrase = ''] = given
  if (passphrase === '')
    throw new BackupKeyError('There is no passphrase. Type it, write it to standard input, or name a file with --passphrase-file.')
  if (given.some((answer) => answer !== passphrase)) throw new BackupKeyError('The two passphrases are not the same. Nothing was made.')
  return passphrase
}

function readOrExplain(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new BackupKeyError(`${path} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : String(error)}).`)
  }
}

/** What is typed is not shown. Of what comes from a program the first line is taken. */
async function typed(questions: readonly string[]): Promise<string[]> {
  const isTerminal = process.stdin.isTTY
  const silent = new Writable({
    write(_, __, done) {
      done()
    },
  })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTerminal })
  const reader = lines[Symbol.asyncIterator]()
  const answers: string[] = []
  try {
    for (const question of isTerminal ? questions : questions.slice(0, 1)) {
      if (isTerminal) process.stderr.write(question)
      const { value, done } = await reader.next()
      if (isTerminal) process.stderr.write('\n')
      if (done === true) return []
      answers.push(value)
    }
    return answers
  } finally {
    lines.close()
  }
}
