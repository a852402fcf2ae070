import { expect, test } from 'vitest'
import { noCage } from '../cage/cage.ts'
import { createClaudeProvider } from './claude/claude-provider.ts'
import { createProviderRegistry, UnknownProviderError } from './provider-registry.ts'

const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

test('a provider is found by its id, and an unknown one is told with those that there are', async () => {
  const claude = createClaudeProvider({ cage: noCage('Not needed here.'), environment: {}, cliPath: '/nowhere/claude', logger })
  const registry = createProviderRegistry([claude])
  expect(registry.get('claude')).toBe(claude)
  expect(() => registry.get('nobody')).toThrow(UnknownProviderError)
  expect(() => registry.get('nobody')).toThrow(/claude/)
  expect(await registry.list()).toMatchObject([{ id: 'claude', ready: false }])
})
