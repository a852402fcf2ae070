import type { EventOf, SessionEvent } from '#protocol/session-events'
import type { AgentHost, AgentProcess, ApprovalAsk, ApprovalVerdict } from '../../src/server/providers/provider.ts'

/** An approval that an agent asked for and that the test has to decide. */
export interface PendingApproval {
  ask: ApprovalAsk
  signal: AbortSignal
  decide(verdict: ApprovalVerdict): void
  /** Lets the call run as it was asked for. */
  allow(): void
  deny(message: string): void
}

export interface RecordingHost extends AgentHost {
  events: SessionEvent[]
  approvals: PendingApproval[]
  /** Calls that were let through without asking the test, as the product's policy lets them through. */
  routine: ApprovalAsk[]
  /** Whether the test decides those too. */
  decidesAll: boolean
  processes: AgentProcess[]
  exitedPids: number[]
  /** What becomes of an approval that nobody waits for: by default it is left for the test. */
  decideBy: ((approval: PendingApproval) => void) | null
  /** The next event of this kind that fits, or one that is there already from index `from` on. */
  event<Kind extends SessionEvent['kind']>(kind: Kind, fits?: (event: EventOf<Kind>) => boolean, from?: number): Promise<EventOf<Kind>>
  approval(fits?: (approval: PendingApproval) => boolean): Promise<PendingApproval>
  of<Kind extends SessionEvent['kind']>(kind: Kind): EventOf<Kind>[]
  /** The kinds in order, those that only mark time left out. */
  kinds(): string[]
}

const PATIENCE_MS = 20_000

/** A host that keeps what an adapter says and lets the test decide. */
export function recordingHost(): RecordingHost {
  const events: SessionEvent[] = []
  const approvals: PendingApproval[] = []
  const checks = new Set<() => void>()
  const look = () => {
    for (const check of checks) check()
  }

  function eventually<T>(find: () => T | undefined, what: string): Promise<T> {
    const found = find()
    if (found !== undefined) return Promise.resolve(found)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        checks.delete(check)
        reject(new Error(`${what} did not come. Events: ${events.map((event) => event.kind).join(' ')}`))
      }, PATIENCE_MS)
      const check = () => {
        const now = find()
        if (now === undefined) return
        clearTimeout(timer)
        checks.delete(check)
        resolve(now)
      }
      checks.add(check)
    })
  }

  const host: RecordingHost = {
    events,
    approvals,
    routine: [],
    decidesAll: false,
    processes: [],
    exitedPids: [],
    decideBy: null,
    emit(event) {
      events.push(event)
      look()
    },
    drained: () => Promise.resolve(),
    requestApproval: (ask, signal, onWaiting) =>
      new Promise((resolve) => {
        if (!host.decidesAll && isRoutine(ask)) {
          host.routine.push(ask)
          resolve({ outcome: 'allowed', input: ask.toolInput, edited: false })
          return
        }
        onWaiting?.()
        const approval: PendingApproval = {
          ask,
          signal,
          decide: resolve,
          allow: () => resolve({ outcome: 'allowed', input: ask.toolInput, edited: false }),
          deny: (message) => resolve({ outcome: 'denied', message }),
        }
        signal.addEventListener('abort', () => resolve({ outcome: 'cancelled', message: 'The request was withdrawn.' }))
        approvals.push(approval)
        host.decideBy?.(approval)
        look()
      }),
    processStarted(process) {
      host.processes.push(process)
      return Promise.resolve()
    },
    processExited(pid) {
      host.exitedPids.push(pid)
      return Promise.resolve()
    },
    event: <Kind extends SessionEvent['kind']>(kind: Kind, fits: (event: EventOf<Kind>) => boolean = () => true, from = 0) =>
      eventually(() => ofKind(events.slice(from), kind).find(fits), `${kind} that fits`),
    approval: (fits = () => true) => eventually(() => approvals.find(fits), 'an approval that fits'),
    of: (kind) => ofKind(events, kind),
    kinds: () => events.map((event) => event.kind),
  }
  return host
}

/** Roughly what the product's policy takes for reading. */
function isRoutine({ onlyReads, approvalKind, toolInput: { command } }: ApprovalAsk): boolean {
  return (
    onlyReads === true || (approvalKind === 'command' && typeof command === 'string' && /^(?:ls|cat|pwd|sleep)(?: [\w.-]+)*$/.test(command))
  )
}

function ofKind<Kind extends SessionEvent['kind']>(events: SessionEvent[], kind: Kind): EventOf<Kind>[] {
  return events.filter((event): event is EventOf<Kind> => event.kind === kind)
}
