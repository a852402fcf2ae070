import type { EventOf } from '#protocol/session-events'
import { elementAt } from './chunked-list.ts'
import type { NoticeItem, PlanItem } from './items.ts'
import { itemHead } from './session-facts.ts'
import { addItem, type EventPlace, putItem, replaceItem, type SessionView } from './session-view.ts'

/** One plan item a turn (and sub-agent), updated in place; the main conversation's latest is also the view's plan. */
export function reducePlan(view: SessionView, event: EventOf<'plan.updated'>, place: EventPlace): SessionView {
  const scope = place.parentId ?? 'main'
  const previous = view.plan
  const continues = place.parentId === null && previous !== null && previous.turnId === place.turnId
  const plan: PlanItem = {
    ...(continues ? previous : itemHead(`plan:${scope}:${place.turnId ?? String(place.seq)}`, place)),
    kind: 'plan',
    markdown: event.markdown ?? null,
    entries: event.entries ?? [],
  }
  const put = putItem(view, plan)
  return place.parentId === null ? { ...put, plan } : put
}

/** Attempt after attempt of one retry is one notice. */
export function reduceNotice(view: SessionView, event: EventOf<'notice'>, place: EventPlace): SessionView {
  const notice: NoticeItem = {
    ...itemHead(`notice:${String(place.seq)}`, place),
    kind: 'notice',
    level: event.level,
    code: event.code,
    text: event.text,
    retry: event.retry ?? null,
    updatedAt: place.at,
  }
  const last = elementAt(view.items, view.items.length - 1)
  if (notice.retry === null || last?.kind !== 'notice' || last.retry === null || last.parentId !== notice.parentId) {
    return addItem(view, notice)
  }
  return replaceItem(view, { ...notice, id: last.id, at: last.at })
}

export function reduceCompaction(view: SessionView, event: EventOf<'compaction'>, place: EventPlace): SessionView {
  return addItem(view, {
    ...itemHead(`compaction:${String(place.seq)}`, place),
    kind: 'compaction',
    trigger: event.trigger,
    preTokens: event.preTokens ?? null,
    postTokens: event.postTokens ?? null,
    summary: event.summary ?? null,
  })
}
