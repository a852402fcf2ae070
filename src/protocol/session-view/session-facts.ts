import type { EventOf } from '#protocol/session-events'
import type { SessionState } from '#protocol/sessions'
import { addItem, type EventPlace, type SessionView } from './session-view.ts'

export function reduceOpened(view: SessionView, event: EventOf<'session.opened'>): SessionView {
  const { provider, cwd, model, mode, commands, models, modes, caps } = event
  return { ...view, provider, cwd, model, mode, commands, models, modes, caps, exit: null }
}

export function reduceUpdated(view: SessionView, event: EventOf<'session.updated'>): SessionView {
  return {
    ...view,
    model: event.model === undefined ? view.model : event.model,
    mode: event.mode ?? view.mode,
    title: event.title ?? view.title,
    commands: event.commands ?? view.commands,
    models: event.models ?? view.models,
  }
}

/** States in which the agent's process is not there. */
const withoutProcess: ReadonlySet<SessionState> = new Set<SessionState>(['interrupted', 'exited'])

export function reduceState(view: SessionView, event: EventOf<'session.state'>, place: EventPlace): SessionView {
  return {
    ...view,
    state: event.state,
    stateDetail: event.detail ?? null,
    stateSince: event.state === view.state ? (view.stateSince ?? place.at) : place.at,
    exit: withoutProcess.has(event.state) ? view.exit : null,
  }
}

export function reduceExited(view: SessionView, event: EventOf<'session.exited'>, place: EventPlace): SessionView {
  const { code, signal, stderrTail, expected } = event
  const exited = { ...view, exit: { code, signal, stderrTail, isExpected: expected, at: place.at } }
  if (expected) return exited
  return addItem(exited, { ...itemHead(`exit:${String(place.seq)}`, place), kind: 'exit', code, signal, stderrTail })
}

export function reduceRekeyed(view: SessionView, event: EventOf<'session.rekeyed'>, place: EventPlace): SessionView {
  if (event.reason !== 'clear') return view
  return addItem(view, {
    ...itemHead(`notice:${String(place.seq)}`, place),
    kind: 'notice',
    level: 'info',
    code: 'cleared',
    text: 'The conversation was cleared. The agent no longer remembers what is above.',
    retry: null,
    updatedAt: place.at,
  })
}

/** What every item begins with. */
export function itemHead(id: string, place: EventPlace) {
  return { id, at: place.at, turnId: place.turnId, parentId: place.parentId }
}
