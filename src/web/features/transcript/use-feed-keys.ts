import type { FocusEvent, KeyboardEvent, RefObject } from 'react'
import { useMemo, useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { Row } from './rows.ts'

interface FeedKeys {
  /** The row that Tab leads to: the last one that had the focus, else the newest. */
  activeKey: string | null
  /** Rows that stay drawn though they are out of sight, so that the focus is not lost. */
  keepMounted: number[]
  virtualizer: RefObject<VirtualizerHandle | null>
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  onFocus: (event: FocusEvent<HTMLElement>) => void
}

/** Rows by key: Page Up and Page Down to the one before and after, Alt with the arrows to the prompt before and after. */
export function useFeedKeys(rows: readonly Row[]): FeedKeys {
  const [chosenKey, setChosenKey] = useState<string | null>(null)
  const virtualizer = useRef<VirtualizerHandle>(null)
  const chosenIndex = useMemo(() => rows.findIndex((row) => row.key === chosenKey), [rows, chosenKey])
  const activeIndex = chosenIndex === -1 ? rows.length - 1 : chosenIndex
  const keepMounted = useMemo(() => (chosenIndex === -1 ? [] : [chosenIndex]), [chosenIndex])

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const step = stepOf(event)
    if (step === null) return
    const target = targetOf(rows, activeIndex, step)
    const row = rows[target]
    if (row === undefined) return
    event.preventDefault()
    setChosenKey(row.key)
    virtualizer.current?.scrollToIndex(target, { align: 'nearest' })
    focusRow(event.currentTarget, row.key)
  }

  function onFocus({ target }: FocusEvent<HTMLElement>) {
    const key = target.closest('[data-row]')?.getAttribute('data-row')
    if (key !== null && key !== undefined && key !== chosenKey) setChosenKey(key)
  }

  return { activeKey: rows[activeIndex]?.key ?? null, keepMounted, virtualizer, onKeyDown, onFocus }
}

interface Step {
  by: 1 | -1
  promptsOnly: boolean
}

function stepOf({ key, altKey, ctrlKey, metaKey }: KeyboardEvent): Step | null {
  if (ctrlKey || metaKey) return null
  if (altKey) {
    if (key === 'ArrowUp') return { by: -1, promptsOnly: true }
    return key === 'ArrowDown' ? { by: 1, promptsOnly: true } : null
  }
  if (key === 'PageUp') return { by: -1, promptsOnly: false }
  return key === 'PageDown' ? { by: 1, promptsOnly: false } : null
}

function targetOf(rows: readonly Row[], from: number, { by, promptsOnly }: Step): number {
  let index = from + by
  while (promptsOnly && rows[index] !== undefined && rows[index]?.kind !== 'prompt') index += by
  return index
}

/** The row may be drawn only after the scroll: looked for until it is there, for half a second at most. */
function focusRow(feed: HTMLElement, key: string, framesLeft = 30): void {
  const row = feed.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`)
  if (row !== null) row.focus()
  else if (framesLeft > 0) requestAnimationFrame(() => focusRow(feed, key, framesLeft - 1))
}
