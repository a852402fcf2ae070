import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { ConfigError, readConfig } from './config.ts'
import { runKeyCommand } from './config-key-command.ts'

const KEY = 'a1'.repeat(32)

async function setup() {
  const folder = await temporaryFolder(onTestFinished)
  const program = async (body: string) => {
    const path = join(folder, 'vault-client')
    await writeFile(path, `#!/bin/sh\n${body}\n`)
    await chmod(path, 0o700)
    return path
  }
  const read = (environment: Record<string, string>) => readConfig({}, { DATA_DIR: join(folder, 'data'), ...environment }, folder)
  const mistakesOf = (environment: Record<string, string>) => {
    try {
      read(environment)
    } catch (error) {
      if (error instanceof ConfigError) return error.mistakes.join('\n')
      throw error
    }
    return ''
  }
  return { folder, program, read, mistakesOf }
}

test('the key is what the command prints, and agents learn nothing of the command', async () => {
  const { program, read } = await setup()
  const path = await program(`test "$1" = show && test "$2" = key && echo ${KEY}`)
  const config = read({ ENCRYPTION_KEY_COMMAND: `${path} show key` })
  expect(config.encryptionKey?.toString('hex')).toBe(KEY)
  expect(JSON.stringify(config.agentEnvironment)).not.toContain(path)
})

test('no shell reads the command', async () => {
  const { folder, program, mistakesOf } = await setup()
  const path = await program('exit 3')
  const marker = join(folder, 'marker')
  expect(mistakesOf({ ENCRYPTION_KEY_COMMAND: `${path}; touch ${marker}` })).toContain('ENOENT')
  expect(mistakesOf({ ENCRYPTION_KEY_COMMAND: `${path} $(touch ${marker})` })).toContain('exit code 3')
  expect(existsSync(marker)).toBe(false)
})

test('what a command printed is told in no mistake', async () => {
  const { program, mistakesOf } = await setup()
  const failing = mistakesOf({ ENCRYPTION_KEY_COMMAND: await program('echo hunter2; echo hunter2 >&2; exit 1') })
  expect(failing).toMatch(/^ENCRYPTION_KEY_COMMAND failed \(exit code 1\)/)
  expect(failing).not.toContain('hunter2')
  const noKey = mistakesOf({ ENCRYPTION_KEY_COMMAND: await program('echo hunter2') })
  expect(noKey).toContain('ENCRYPTION_KEY')
  expect(noKey).not.toContain('hunter2')
})

test.for([
  ['a program that prints nothing', 'true', 'printed nothing'],
  ['a program that prints too much', 'head -c 100000 /dev/zero', 'ENOBUFS'],
] as const)('%s gives no key', async ([, body, why]) => {
  const { program, mistakesOf } = await setup()
  expect(mistakesOf({ ENCRYPTION_KEY_COMMAND: await program(body) })).toContain(why)
})

test('a program that does not end is ended', async () => {
  const { program } = await setup()
  const mistakes: string[] = []
  const environment = { ENCRYPTION_KEY_COMMAND: await program('exec sleep 600') }
  expect(runKeyCommand({ environment, dotEnv: {}, hasOtherKey: false, timeoutMs: 50 }, mistakes)).toEqual({})
  expect(mistakes.join()).toContain('ETIMEDOUT')
})

test('a command is run from the environment alone, and never beside another key', async () => {
  const { folder, program, mistakesOf } = await setup()
  const marker = join(folder, 'marker')
  const path = await program(`touch ${marker}; echo ${KEY}`)
  expect(mistakesOf({ ENCRYPTION_KEY_COMMAND: path, ENCRYPTION_KEY: KEY })).toContain('are both set')
  expect(mistakesOf({ ENCRYPTION_KEY_COMMAND: 'vault-client' })).toContain('absolute path')
  await writeFile(join(folder, '.env'), `ENCRYPTION_KEY_COMMAND=${path}\n`)
  expect(mistakesOf({})).toContain('is not taken from a .env')
  expect(existsSync(marker)).toBe(false)
})
