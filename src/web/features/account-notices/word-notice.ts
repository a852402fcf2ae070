import type { AccountNotice, NoticeKind } from '#protocol/logins'
import { formatShortDay, formatTimeOfDay, isSameDay } from '../../lib/format.ts'
import { factorName, noticeText, sentences } from './text-notices.ts'

/** What happened, as a sentence. */
export function wordNotice(notice: AccountNotice, now: Date): string {
  return WORDS[notice.kind](notice, {
    place: notice.device ?? noticeText.someDevice,
    when: isSameDay(notice.at, now)
      ? sentences.at(formatTimeOfDay(notice.at))
      : sentences.on(formatShortDay(notice.at), formatTimeOfDay(notice.at)),
  })
}

type Words = (notice: AccountNotice, said: { place: string; when: string }) => string

const WORDS: Readonly<Record<NoticeKind, Words>> = {
  'new-login': ({ address }, { place, when }) => sentences.newLogin(place, when, address),
  'refresh-reused': ({ address }, { place, when }) =>
    sentences.refreshReused(address === null ? place : sentences.placeAt(place, address), when),
  'password-changed': (_, { place, when }) => sentences.passwordChanged(place, when),
  'password-reset': (_, { when }) => sentences.passwordReset(when),
  'factor-added': ({ facts }, { place, when }) => sentences.factorAdded(factorName(facts.factor, nameOf(facts.name)), place, when),
  'factor-removed': ({ facts }, { place, when }) =>
    facts.factor === 'all'
      ? sentences.factorsReset(when)
      : sentences.factorRemoved(factorName(facts.factor, nameOf(facts.name)), place, when),
  'recovery-code-used': ({ facts }, { place, when }) => sentences.recoveryCodeUsed(place, when, numberOf(facts.left)),
  'api-key-created': ({ facts }, { place, when }) => sentences.apiKeyCreated(nameOf(facts.name), place, when),
  'failed-logins': ({ facts }, { when }) => sentences.failedLogins(numberOf(facts.count), when),
}

function numberOf(fact: string | number | undefined): number | null {
  return typeof fact === 'number' ? fact : null
}

function nameOf(fact: string | number | undefined): string | null {
  return typeof fact === 'string' ? fact : null
}
