import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pieces, wholeAnswer } from './message-stream.ts'
import { call, say } from './reply.ts'

test('the pieces of a text are the text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => pieces(text).join('') === text))
})

test('a sentence comes in pieces about as long as words', () => {
  expect(pieces('I run `npm test` now.')).toEqual(['I', ' run', ' `', 'npm', ' test', '`', ' now', '.'])
})

test('an answer with a call stops for the tool, another one at its end', () => {
  const answer = { model: 'any', inputTokens: 1 }
  expect(wholeAnswer({ ...answer, blocks: [say('a'), call('Bash', {})] })).toMatchObject({ stop_reason: 'tool_use' })
  expect(wholeAnswer({ ...answer, blocks: [say('a')] })).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text', text: 'a' }] })
})
