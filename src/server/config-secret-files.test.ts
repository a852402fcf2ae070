import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { ConfigError, readConfig } from './config.ts'

const KEY = 'a1'.repeat(32)

async function setup() {
  const folder = await temporaryFolder(onTestFinished)
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const read = (environment: Record<string, string>) => readConfig({}, { DATA_DIR: join(folder, 'data'), ...environment }, folder)
  return { file, read, folder }
}

test('a secret comes from the file that is named for it, and agents are kept from that file', async () => {
  const { file, read } = await setup()
  const path = await file('key', `${KEY}\n`)
  const config = read({ ENCRYPTION_KEY_FILE: path, JWT_SECRET_FILE: await file('jwt', 'q8Jw-0pZ4vT1yXbN6mL3kH9sD2fG5rEc') })
  expect(config.encryptionKey?.toString('hex')).toBe(KEY)
  expect(config.jwtSecret).toBe('q8Jw-0pZ4vT1yXbN6mL3kH9sD2fG5rEc')
  expect(config.secretFiles).toHaveLength(2)
  expect(config.secretFiles).toContain(path)
  expect(JSON.stringify(config.agentEnvironment)).not.toContain(path)
})

test('what is in a file is checked like what is in a variable, and is not told', async () => {
  const { file, read, folder } = await setup()
  const mistakesOf = (environment: Record<string, string>) => {
    try {
      read(environment)
    } catch (error) {
      if (error instanceof ConfigError) return error.mistakes.join('\n')
      throw error
    }
    return ''
  }
  expect(mistakesOf({ JWT_SECRET_FILE: await file('short', 'hunter2') })).toMatch(/^JWT_SECRET must have at least 32 bytes(?!.*hunter2)/)
  expect(mistakesOf({ API_KEY_FILE: join(folder, 'none') })).toContain('API_KEY_FILE')
  expect(mistakesOf({ API_KEY_FILE: 'key' })).toContain('must be an absolute path')
  expect(mistakesOf({ API_KEY_FILE: await file('empty', '\n') })).toContain('is empty')
  expect(mistakesOf({ API_KEY: 'x', API_KEY_FILE: await file('both', 'y') })).toContain('are both set')
})
