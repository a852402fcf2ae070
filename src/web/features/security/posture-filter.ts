import type { CheckArea, Posture, PostureItem } from '#protocol/posture'
import { CheckArea as Areas, CheckStatus } from '#protocol/posture'
import type { SelectOption } from '../../ui/select.tsx'
import { statusNames } from './text-security.ts'

export type PostureFilter = 'problems' | 'all' | CheckStatus

/** What can be shown, with how much of each there is. */
export function filterOptions(items: readonly PostureItem[]): SelectOption<PostureFilter>[] {
  const option = (value: PostureFilter, label: string) => ({ value, label: `${label} (${filtered(items, value).length})` })
  return [
    option('problems', 'Failed and to look at'),
    option('all', 'Everything'),
    ...CheckStatus.options.toReversed().map((status) => option(status, statusNames[status])),
  ]
}

export function filtered(items: readonly PostureItem[], filter: PostureFilter): PostureItem[] {
  return items.filter(({ status }) => filter === 'all' || status === filter || (filter === 'problems' && isProblem(status)))
}

export function isProblem(status: CheckStatus): boolean {
  return status === 'fail' || status === 'warn'
}

export interface PostureGroup {
  area: CheckArea
  items: PostureItem[]
  /** Of all that apply in the area, whatever is shown. */
  passed: number
  applicable: number
}

/** By area, in the order of the areas; what is worst first. */
export function groupsOf({ items }: Posture, filter: PostureFilter): PostureGroup[] {
  return Areas.options.flatMap((area) => {
    const own = items.filter((item) => item.area === area)
    const shown = filtered(own, filter).toSorted((left, right) => rank(left) - rank(right))
    const applicable = own.filter(({ status }) => status !== 'not-applicable')
    const passed = applicable.filter(({ status }) => status === 'pass').length
    return shown.length === 0 ? [] : [{ area, items: shown, passed, applicable: applicable.length }]
  })
}

function rank({ status }: PostureItem): number {
  return ['fail', 'warn', 'pass', 'not-applicable'].indexOf(status)
}
