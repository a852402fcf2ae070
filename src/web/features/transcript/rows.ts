import type { SessionView } from '#protocol/session-reducer'
import type { SessionItem } from '#protocol/session-view/items'

/** One row of the transcript: an item, or neighbouring tool calls that only looked. */
export interface Row {
  /** The id of its first item: a row keeps it while it grows into a group. */
  readonly key: string
  /** `line`: one that folds to a single line; lines stand close together. */
  readonly kind: 'item' | 'line' | 'group' | 'prompt'
  readonly itemIds: readonly string[]
  /** True for the first words of the agent after a prompt: they are headed by its name. */
  readonly isAnswerStart: boolean
}

const rowsByStructure = new WeakMap<object, readonly Row[]>()

/** The rows of the main conversation. The same array while nothing was added, so that it can be a selector. */
export function selectRows(view: SessionView): readonly Row[] {
  const known = rowsByStructure.get(view.structure)
  if (known !== undefined) return known
  const rows = buildRows(view.items.chunks.flat())
  rowsByStructure.set(view.structure, rows)
  return rows
}

/** Rows of the given items, those that have none left out. */
export function buildRows(items: readonly SessionItem[]): Row[] {
  const rows: Row[] = []
  let isAfterPrompt = false
  let before: SessionItem | null = null
  for (const item of items) {
    if (!isShown(item) || repeatsPlan(item, before)) continue
    before = item
    const previous = rows.at(-1)
    if (onlyLooks(item) && previous?.kind === 'group') {
      rows[rows.length - 1] = { ...previous, itemIds: [...previous.itemIds, item.id] }
      continue
    }
    rows.push({ key: item.id, kind: kindOf(item), itemIds: [item.id], isAnswerStart: isAfterPrompt && item.kind !== 'prompt' })
    isAfterPrompt = item.kind === 'prompt'
  }
  return rows
}

const LINES: ReadonlySet<SessionItem['kind']> = new Set<SessionItem['kind']>(['tool', 'reasoning', 'plan', 'compaction'])

function kindOf(item: SessionItem): Row['kind'] {
  if (item.kind === 'prompt') return 'prompt'
  if (onlyLooks(item)) return 'group'
  return LINES.has(item.kind) ? 'line' : 'item'
}

function onlyLooks(item: SessionItem): boolean {
  return item.kind === 'tool' && (item.toolKind === 'read' || item.toolKind === 'search')
}

/** A plan's text is told by the call that proposes it; only lists of things to do have a row of their own then. */
function repeatsPlan(item: SessionItem, before: SessionItem | null): boolean {
  return item.kind === 'plan' && item.entries.length === 0 && before?.kind === 'tool' && before.toolKind === 'plan'
}

function isShown(item: SessionItem): boolean {
  if (item.parentId !== null) return false
  if (item.kind === 'prompt') return !item.isHidden
  if (item.kind === 'text' || item.kind === 'reasoning') return !item.isDiscarded
  // The list that such a call writes has an item of its own.
  return item.kind !== 'tool' || item.toolKind !== 'todo'
}
