import { ProjectId } from '#protocol/ids'

/** What the screen's address asks for. Empty text is no filter; days are `2026-11-01`, of this device's calendar. */
export interface AuditFilters {
  who: string
  area: string
  project: string
  about: string
  from: string
  to: string
}

const NAMES = ['who', 'area', 'project', 'about', 'from', 'to'] as const

export const NO_FILTERS: AuditFilters = { who: '', area: '', project: '', about: '', from: '', to: '' }

export function filtersIn(search: string): AuditFilters {
  const given = new URLSearchParams(search)
  const filters = { ...NO_FILTERS }
  for (const name of NAMES) filters[name] = (given.get(name) ?? '').slice(0, 200)
  return {
    ...filters,
    area: /^[a-z]+$/.test(filters.area) ? filters.area : '',
    project: ProjectId.safeParse(filters.project).success ? filters.project : '',
    from: startOf(filters.from) === null ? '' : filters.from,
    to: startOf(filters.to) === null ? '' : filters.to,
  }
}

/** The screen's address with these filters. */
export function addressOf(filters: AuditFilters): string {
  const given = new URLSearchParams(NAMES.filter((name) => filters[name] !== '').map((name) => [name, filters[name]]))
  return given.size === 0 ? '/audit' : `/audit?${given.toString()}`
}

/** The filters as the server takes them. The last day counts whole. */
export function queryOf({ who, area, project, about, from, to }: AuditFilters): URLSearchParams {
  const wanted: [string, string | null][] = [
    ['actor', who.trim()],
    ['action', area === '' ? '' : `${area}.*`],
    ['project', project],
    ['about', about],
    ['from', startOf(from)],
    ['to', startOf(to, 1)],
  ]
  return new URLSearchParams(wanted.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, value]])))
}

/** When that day, or the one so many days later, begins here; null for what is no day. */
function startOf(day: string, later = 0): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (parts === null) return null
  const [, year, month, date] = parts.map(Number)
  const start = new Date(year ?? 0, (month ?? 0) - 1, (date ?? 0) + later)
  return Number.isNaN(start.getTime()) ? null : start.toISOString()
}
