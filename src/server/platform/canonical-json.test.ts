import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalHash, canonicalJson } from './canonical-json.ts'

/** The number with these bits, as RFC 8785 lists its samples. */
function fromBits(hex: string): number {
  return Buffer.from(hex, 'hex').readDoubleBE(0)
}

test('the example of RFC 8785, section 3.2.3, comes out as printed there', () => {
  const example: unknown = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`)

  const expected = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`

  expect(canonicalJson(example)).toBe(expected)
})

test('members are sorted by UTF-16 code units', () => {
  const members = { '\u20ac': 5, '\r': 1, '\ufb33': 7, '1': 2, '\ud83d\ude00': 6, '\u0080': 3, '\u00f6': 4 }

  expect([...canonicalJson(members).matchAll(/:(\d)/g)].map(([, order]) => order)).toEqual(['1', '2', '3', '4', '5', '6', '7'])
})

test.for([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555554', '333333333.33333325'],
] as const)('the number %s is written as %s', ([bits, text]) => {
  expect(canonicalJson(fromBits(bits))).toBe(text)
})

test('any JSON value keeps its meaning, and the order of its members makes no difference', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value)
      const parsed: unknown = JSON.parse(text)
      // -0 is written as 0, as the RFC asks.
      expect(parsed).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(reversed(parsed))).toBe(text)
    }),
  )
})

test('values that differ have different hashes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(canonicalHash(a) === canonicalHash(b)).toBe(canonicalJson(a) === canonicalJson(b))
    }),
  )
  expect(canonicalHash({ a: 1 })).toMatch(/^[0-9a-f]{64}$/)
})

test.for([[Number.NaN], [Number.POSITIVE_INFINITY], [1n], [Symbol('x')], [() => 1], ['\ud800'], [{ '\udc00': 1 }], [[undefined]]])(
  '%s is refused, since it has no JSON form',
  ([value]) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError)
  },
)

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).reverse()
  return Object.fromEntries(members.map(([key, member]) => [key, reversed(member)]))
}
