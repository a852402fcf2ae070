import type { InfiniteData } from '@tanstack/react-query'
import type { SessionId } from '#protocol/ids'
import type { Page } from '#protocol/lists'
import type { Session } from '#protocol/sessions'

export type SessionPages = InfiniteData<Page<Session>, string | null>

/** The pages with the session as it now is: in its place where it was listed, else first, where the newest stand. */
export function withSession(data: SessionPages, session: Session): SessionPages {
  const holds = (page: Page<Session>) => page.items.some((item) => item.id === session.id)
  if (data.pages.some(holds)) {
    const replace = (item: Session) => (item.id === session.id ? session : item)
    return { ...data, pages: data.pages.map((page) => (holds(page) ? { ...page, items: page.items.map(replace) } : page)) }
  }
  const [first, ...rest] = data.pages
  return first === undefined ? data : { ...data, pages: [{ ...first, items: [session, ...first.items] }, ...rest] }
}

export function withoutSession(data: SessionPages, id: SessionId): SessionPages {
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) })) }
}

/** All listed sessions, the last changed first. */
export function sessionsOf(data: SessionPages): Session[] {
  const newest = new Map<SessionId, Session>()
  for (const session of data.pages.flatMap((page) => page.items)) newest.set(session.id, session)
  return [...newest.values()].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
}
