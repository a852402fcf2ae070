import { ProjectId } from '#protocol/ids'
import { ApprovalOutcome } from '#protocol/session-events'

/** What the inbox's address asks for of what was decided. Empty text is no filter. */
export interface HistoryFilters {
  project: string
  outcome: ApprovalOutcome | ''
  by: 'user' | 'rule' | 'system' | 'any'
  text: string
}

const DECIDERS = ['user', 'rule', 'system', 'any'] as const
const MAX_TEXT = 200

/** Null where the address asks for what waits. */
export function historyFiltersIn(search: string): HistoryFilters | null {
  const given = new URLSearchParams(search)
  if (given.get('show') !== 'decided') return null
  return {
    project: ProjectId.safeParse(given.get('project')).data ?? '',
    outcome: ApprovalOutcome.safeParse(given.get('outcome')).data ?? '',
    by: DECIDERS.find((decider) => decider === given.get('by')) ?? 'user',
    text: (given.get('text') ?? '').slice(0, MAX_TEXT),
  }
}

/** The inbox's address with these filters. */
export function historyAddress({ by, ...rest }: HistoryFilters): string {
  const given = new URLSearchParams({ show: 'decided', ...rest, by: by === 'user' ? '' : by })
  return `/inbox?${withoutEmpty(given).toString()}`
}

/** The filters as the server takes them. */
export function historyQuery({ by, text, ...rest }: HistoryFilters): URLSearchParams {
  return withoutEmpty(new URLSearchParams({ ...rest, by: by === 'any' ? '' : by, text: text.trim() }))
}

function withoutEmpty(given: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...given].filter(([, value]) => value !== ''))
}
