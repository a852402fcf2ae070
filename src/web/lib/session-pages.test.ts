import { expect, test } from 'vitest'
import { Session } from '#protocol/sessions'
import { sessionsOf, withoutSession, withSession } from './session-pages.ts'
import type { SessionPages } from './session-pages.ts'

function session(id: string, updatedAt: string, title = id): Session {
  return Session.parse({
    id,
    provider: 'claude',
    projectId: 'prj_1',
    title,
    state: 'idle',
    mode: 'default',
    model: null,
    usage: null,
    lastSeq: 1,
    pendingApprovals: 0,
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt,
  })
}

const newer = session('newer', '2026-11-03T00:00:00.000Z')
const older = session('older', '2026-11-02T00:00:00.000Z')
const pages: SessionPages = {
  pages: [
    { items: [newer], nextCursor: 'c' },
    { items: [older], nextCursor: null },
  ],
  pageParams: [null, 'c'],
}

test('a session that is listed is replaced where it stands, and shown where its time puts it', () => {
  const changed = withSession(pages, session('older', '2026-11-04T00:00:00.000Z', 'changed'))
  expect(changed.pages[1]?.items[0]?.title).toBe('changed')
  expect(sessionsOf(changed).map((item) => item.id)).toEqual(['older', 'newer'])
})

test('a new session joins the first page', () => {
  const more = withSession(pages, session('newest', '2026-11-05T00:00:00.000Z'))
  expect(more.pages[0]?.items.map((item) => item.id)).toEqual(['newest', 'newer'])
})

test('a removed session leaves whatever page held it', () => {
  expect(sessionsOf(withoutSession(pages, older.id)).map((item) => item.id)).toEqual(['newer'])
})
