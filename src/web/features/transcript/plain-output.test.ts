import { expect, test } from 'vitest'
import { plainOutput } from './plain-output.ts'

test('colours, titles and cursor moves of a terminal are left out', () => {
  expect(plainOutput('\u001b[1;31mred\u001b[0m \u001b]0;title\u0007plain\u001b[2K')).toBe('red plain')
})

test('of a line that was written over the last state is left', () => {
  expect(plainOutput('10%\r50%\r100%\r\nnext\r\n')).toBe('100%\nnext')
})
