import { expect, test } from 'vitest'
import { parseCommand } from './arguments.ts'

test('nothing means start, and flags are handed on as they are', () => {
  expect(parseCommand([])).toEqual({ name: 'start', flags: {} })
  expect(parseCommand(['start', '--port', '0', '--host', '::1', '--data-dir', '/x', '--demo'])).toEqual({
    name: 'start',
    flags: { port: '0', host: '::1', dataDir: '/x', demo: true },
  })
})

test('the demo takes a pace', () => {
  expect(parseCommand(['--demo', '--demo-pace', '40'])).toEqual({ name: 'start', flags: { demo: true, demoPaceMs: 40 } })
})

test('a command of two words takes its own options', () => {
  expect(parseCommand(['keys', 'rotate', '--jwt', '--data-dir', '/x'])).toEqual({
    name: 'keys rotate',
    flags: { dataDir: '/x' },
    jwt: true,
    encryption: false,
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

const mistakes = [
  'strat',
  'start now',
  '--prot 1',
  '--port',
  '--demo=maybe',
  '--demo-pace 5',
  '--demo --demo-pace slow',
  '--jwt',
  'keys',
  'keys rotate',
  'keys rotate --jwt --port 1',
]

test.for(mistakes)('"%s" is a mistake, told in a sentence', (words) => {
  expect(parseCommand(words.split(' '))).toEqual({ name: 'mistake', sentence: expect.stringMatching(/\. See ai-code-ui help\.$/) })
})
