import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { type Config, ConfigError, readConfig } from './config.ts'

type Environment = Record<string, string | undefined>

async function setup({ dotEnv = '', configJson = {} }: { dotEnv?: string; configJson?: object } = {}) {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'data'))
  await writeFile(join(folder, '.env'), dotEnv)
  await writeFile(join(folder, 'data', 'config.json'), JSON.stringify(configJson))
  return (environment: Environment = {}): Config | readonly string[] => {
    try {
      return readConfig({}, { DATA_DIR: join(folder, 'data'), ...environment }, folder)
    } catch (error) {
      if (error instanceof ConfigError) return error.mistakes
      throw error
    }
  }
}

test.for([
  [{}, false],
  [{ PLATFORM_MODE: 'true' }, true],
  [{ PLATFORM_MODE: '1' }, true],
  [{ PLATFORM_MODE: 'false' }, false],
  [{ PLATFORM_MODE: '0' }, false],
  [{ PLATFORM_MODE: '' }, false],
  [{ VITE_IS_PLATFORM: 'true' }, true],
  [{ PLATFORM_MODE: '', VITE_IS_PLATFORM: 'true' }, true],
  [{ PLATFORM_MODE: 'false', VITE_IS_PLATFORM: 'true' }, false],
  [{ PLATFORM_MODE: 'true', VITE_IS_PLATFORM: 'false' }, true],
] as const)('with %o platform mode is on: %s', async ([environment, platformMode]) => {
  expect((await setup())(environment)).toMatchObject({ platformMode, platformModeAllowRemote: false })
})

test.for(['PLATFORM_MODE', 'VITE_IS_PLATFORM', 'PLATFORM_MODE_ALLOW_REMOTE'])('%s is a yes or a no', async (variable) => {
  for (const value of ['yes', 'on', 'TRUE', '2'])
    expect((await setup())({ [variable]: value })).toEqual([`${variable} must be true or false, for example ${variable}=true`])
})

test.for(['127.0.0.1', '127.8.7.6', '::1', '0:0:0:0:0:0:0:1', 'localhost', 'LOCALHOST'])('it may listen on %s', async (host) => {
  expect((await setup())({ PLATFORM_MODE: 'true', HOST: host })).toMatchObject({ platformMode: true, host })
})

test.for([
  '0.0.0.0',
  '::',
  '192.168.1.7',
  '128.0.0.1',
  '::ffff:10.0.0.1',
  'code.example.org',
  'localhost.example.org',
  '127.0.0.1.example.org',
])('it may not listen on %s unless that is said', async (host) => {
  const read = await setup()

  expect(read({ PLATFORM_MODE: 'true', HOST: host })).toEqual([
    expect.stringMatching(/^PLATFORM_MODE is refused on HOST ".+", where others could run commands.*for example HOST=127\.0\.0\.1/),
  ])
  expect(read({ PLATFORM_MODE: 'true', HOST: host, PLATFORM_MODE_ALLOW_REMOTE: 'true' })).toMatchObject({ platformMode: true })
  expect(read({ HOST: host })).toMatchObject({ platformMode: false })
})

test('to allow others in turns nothing on', async () => {
  expect((await setup())({ PLATFORM_MODE_ALLOW_REMOTE: 'true', HOST: '0.0.0.0' })).toMatchObject({ platformMode: false })
})

test('config.json of the data folder may turn it on', async () => {
  expect((await setup({ configJson: { platformMode: true } }))()).toMatchObject({ platformMode: true })
  expect((await setup({ configJson: { viteIsPlatform: true } }))()).toMatchObject({ platformMode: true })
  expect((await setup({ configJson: { platformMode: true } }))({ PLATFORM_MODE: 'false' })).toMatchObject({ platformMode: false })
})

test.for(['PLATFORM_MODE=true', 'VITE_IS_PLATFORM=1', 'PLATFORM_MODE_ALLOW_REMOTE=true', 'VITE_IS_PLATFORM=yes'])(
  'a .env with %s, which may be a project’s, turns the login off for nobody',
  async (line) => {
    const variable = line.split('=')[0] ?? ''
    const read = await setup({ dotEnv: `${line}\n` })

    expect(read()).toContainEqual(
      expect.stringMatching(new RegExp(`^${variable} is not taken from .+\\.env, since .+, for example ${variable}=false$`)),
    )
    expect(read({ [variable]: 'false' })).toMatchObject({ platformMode: false, platformModeAllowRemote: false })
  },
)

test('a .env may keep it off', async () => {
  expect((await setup({ dotEnv: 'PLATFORM_MODE=false\nVITE_IS_PLATFORM=0\n' }))()).toMatchObject({ platformMode: false })
})
