import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CHAIN_START, entryHash } from './audit-chain.ts'
import { canonicalHash, canonicalJson } from './canonical-json.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 30 })

test('the hash is the one of the canonical JSON of the whole entry', () => {
  const entry = fc.record({
    seq: fc.nat(),
    id: text,
    at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    actor: text,
    action: text,
    subject: fc.option(text),
    address: fc.option(text),
    device: fc.option(text),
    details: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))),
    prev: fc.constant(CHAIN_START),
  })
  fc.assert(
    fc.property(entry, ({ details, ...rest }) => {
      expect(entryHash({ ...rest, details: canonicalJson(details) })).toBe(canonicalHash({ ...rest, details, v: 1 }))
    }),
  )
})
