import { expect, test } from 'vitest'
import { wordsToAvoid } from './password-rules.ts'

test('guessers know the name and its parts, the product, and the machine where it is told', () => {
  expect(wordsToAvoid('Ada.Lovelace', 'Build-Host')).toEqual(
    expect.arrayContaining(['ada.lovelace', 'adalovelace', 'ada', 'lovelace', 'build-host', 'buildhost', 'aicodeui', 'claude', 'codex']),
  )
  expect(wordsToAvoid('')).not.toContain('')
})
