import { expect, test } from 'vitest'
import { parseCommand } from './arguments.ts'

test('nothing means start, and flags are handed on as they are', () => {
  expect(parseCommand([])).toEqual({ name: 'start', flags: {} })
  expect(parseCommand(['start', '--port', '0', '--host', '::1', '--data-dir', '/x', '--demo'])).toEqual({
    name: 'start',
    flags: { port: '0', host: '::1', dataDir: '/x', demo: true },
  })
})

test.for([
  [['version'], 'version'],
  [['-v'], 'version'],
  [['help'], 'help'],
  [['start', '--help'], 'help'],
] as const)('%o asks for the %s', ([words, name]) => {
  expect(parseCommand(words)).toEqual({ name })
})

test.for(['strat', 'start now', '--prot 1', '--port', '--demo=maybe'])('"%s" is a mistake, told in a sentence', (words) => {
  expect(parseCommand(words.split(' '))).toEqual({ name: 'mistake', sentence: expect.stringMatching(/\. See ai-code-ui help\.$/) })
})
