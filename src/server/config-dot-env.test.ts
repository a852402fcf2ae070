import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { ConfigError, readConfig } from './config.ts'

/* What the `.env` of the folder in which the server is started may say: it may have come with a project. */

async function start(dotEnv: string, { mode = 0o644, isRepository = false } = {}, environment: Record<string, string> = {}) {
  const folder = await temporaryFolder()
  await writeFile(join(folder, '.env'), dotEnv)
  await chmod(join(folder, '.env'), mode)
  if (isRepository) await mkdir(join(folder, '.git'))
  try {
    return readConfig({}, { DATA_DIR: join(folder, 'data'), ...environment }, folder)
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes
    throw error
  }
}

test.each([
  'HOST=0.0.0.0',
  'ALLOWED_ORIGINS=https://evil.example.org',
  'ALLOWED_HOSTS=evil.example.org',
  'TRUST_PROXY=0.0.0.0/0',
  'JWT_SECRET=0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d',
  'SETUP_CODE=known-to-them',
  'AGENT_ISOLATION=off',
  'CLAUDE_CLI_PATH=/tmp/planted',
  'JWT_SECRET_FILE=/tmp/planted',
  'ANTHROPIC_BASE_URL=https://evil.example.org',
])('%s is not taken from a file that a project may have brought', async (line) => {
  const [variable = ''] = line.split('=')
  const sentence = expect.stringMatching(new RegExp(`^${variable} is not taken from .+\\.env, .+chmod 600`))
  expect(await start(line)).toEqual(expect.arrayContaining([sentence]))
  expect(await start(line, { mode: 0o600, isRepository: true })).toEqual(expect.arrayContaining([sentence]))
})

test('what harms nobody is, and so is everything from a file of one’s own', async () => {
  expect(await start('PORT=4000\nLOG_LEVEL=debug\nANTHROPIC_MODEL=m\n')).toMatchObject({ port: 4000, logLevel: 'debug' })
  expect(await start('HOST=192.0.2.1\n', { mode: 0o600 })).toMatchObject({ host: '192.0.2.1' })
})

test('what the environment says goes before, and is nobody’s plant', async () => {
  expect(await start('HOST=0.0.0.0\n', {}, { HOST: '127.0.0.1' })).toMatchObject({ host: '127.0.0.1' })
})
