import { describe, expect, test } from 'vitest'
import { LoginId } from '#protocol/ids'
import { AccountNotice, NoticeKind } from '#protocol/logins'
import { noticesFor } from './choose-notice.ts'
import { wordNotice } from './word-notice.ts'

const now = new Date(2026, 10, 23, 12, 0)
const earlier = new Date(2026, 10, 23, 10, 32)

function notice(id: string, fields: Partial<AccountNotice>): AccountNotice {
  return AccountNotice.parse({
    id,
    kind: 'new-login',
    at: earlier.toISOString(),
    device: 'Firefox on Android',
    address: '203.0.113.9',
    loginId: null,
    facts: {},
    ...fields,
  })
}

describe('noticesFor', () => {
  test('what may be going on right now comes first, then the newest', () => {
    const old = notice('old', { at: new Date(2026, 10, 21).toISOString() })
    const fresh = notice('fresh', {})
    const reused = notice('reused', { kind: 'refresh-reused', at: new Date(2026, 10, 20).toISOString() })
    expect(noticesFor(null, [old, fresh, reused]).map(({ id }) => id)).toEqual(['reused', 'fresh', 'old'])
  })

  test('a device is not told of what it did itself', () => {
    const mine = LoginId.parse('log_mine')
    const own = notice('own', { loginId: mine })
    const other = notice('other', { loginId: LoginId.parse('log_other') })
    const ended = notice('ended', { loginId: null })
    expect(noticesFor(mine, [own, other, ended]).map(({ id }) => id)).toEqual(['other', 'ended'])
    expect(noticesFor(null, [own])).toEqual([own])
  })
})

describe('wordNotice', () => {
  test('says who, when and from where', () => {
    expect(wordNotice(notice('n', {}), now)).toMatch(/^Firefox on Android signed in at \S+.* from 203\.0\.113\.9\. Was that you\?$/)
    expect(wordNotice(notice('n', { at: new Date(2026, 10, 20, 9, 5).toISOString() }), now)).toMatch(/signed in on .*20.* at /)
  })

  test('every kind has a sentence, also where the server says less than it could', () => {
    for (const kind of NoticeKind.options) {
      const sentence = wordNotice(notice('n', { kind, device: null, address: null }), now)
      expect(sentence).toMatch(/^[A-Z].*[.?]$/)
      expect(sentence).not.toMatch(/undefined|null|NaN/)
    }
  })

  test('counts what is left', () => {
    const used = (left: number) => wordNotice(notice('n', { kind: 'recovery-code-used', facts: { left } }), now)
    expect(used(7)).toContain('7 are left')
    expect(used(1)).toContain('One is left')
    expect(used(0)).toContain('None is left')
  })
})
