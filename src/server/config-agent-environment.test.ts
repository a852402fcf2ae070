import { delimiter } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agentEnvironment } from './config-agent-environment.ts'
import { SETTINGS } from './config-settings.ts'

test('what an agent needs passes', () => {
  const wanted = {
    PATH: '/usr/bin',
    HOME: '/home/ada',
    LC_ALL: 'C.UTF-8',
    HTTPS_PROXY: 'http://proxy',
    ANTHROPIC_API_KEY: 'key',
    CLAUDE_CODE_USE_BEDROCK: '1',
    AWS_PROFILE: 'work',
    OPENAI_API_KEY: 'key',
    GEMINI_API_KEY: 'key',
  }

  expect(agentEnvironment(wanted)).toEqual(wanted)
})

test("the server's own settings never pass, whatever they hold", () => {
  const variables = [
    ...Object.values(SETTINGS).map(({ variable }) => variable),
    'DATABASE_URL',
    'REDIS_URL',
    'API_KEY',
    'PLATFORM_MODE',
    'CODEX_CLI_PATH',
  ]

  expect(agentEnvironment(Object.fromEntries(variables.map((variable) => [variable, 'x'])))).toEqual({})
})

test('a name that nobody allowed does not pass', () => {
  const known = /^(LC_|ANTHROPIC_|CLAUDE_|AWS_|VERTEX_|OPENAI_|CODEX_|GEMINI_|GOOGLE_|AZURE_|OPENROUTER_)/
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z]{2,8}_(SECRET|TOKEN|PASSWORD|KEY)$/), fc.string(), (name, value) => {
      fc.pre(!known.test(name))
      expect(agentEnvironment({ [name]: value })).toEqual({})
    }),
  )
})

test('what npm put in front of the path for this product is taken out again', () => {
  const path = ['/srv/node_modules/.bin', '/usr/lib/node_modules/npm/node-gyp-bin', '/home/ada/bin', '/usr/bin'].join(delimiter)

  expect(agentEnvironment({ PATH: path })).toEqual({ PATH: ['/home/ada/bin', '/usr/bin'].join(delimiter) })
})

test('a variable without a value is left out', () => {
  expect(agentEnvironment({ HOME: undefined })).toEqual({})
})
