import type { KeyboardEvent, ReactNode, ToggleEvent } from 'react'
import { useId, useRef } from 'react'
import { classNames } from './class-names.ts'
import { placeBeside } from './place-beside.ts'
import styles from './menu.module.css'

interface MenuProps {
  /** Accessible name of the button, and of the menu it opens. */
  label: string
  /** Look of the button, as of `buttonClass()`. */
  buttonClassName?: string | undefined
  disabled?: boolean
  /** What the button shows. */
  button: ReactNode
  /** `MenuItem`s. */
  children: ReactNode
}

/** A button that opens a list of commands. Arrow keys, Home and End move in it, Escape and a press outside close it. */
export function Menu({ label, buttonClassName, disabled = false, button, children }: MenuProps) {
  const menuId = useId()
  const buttonRef = useRef<HTMLButtonElement>(null)

  function showMenu(event: ToggleEvent<HTMLDivElement>) {
    if (event.newState !== 'open' || buttonRef.current === null) return
    placeBeside(event.currentTarget, buttonRef.current)
    itemsOf(event.currentTarget)[0]?.focus()
  }

  return (
    <>
      <button
        ref={buttonRef}
        type="button"
        className={buttonClassName}
        disabled={disabled}
        aria-label={label}
        aria-haspopup="menu"
        title={label}
        popoverTarget={menuId}
      >
        {button}
      </button>
      <div
        id={menuId}
        role="menu"
        aria-label={label}
        popover="auto"
        tabIndex={-1}
        className={styles.menu}
        onToggle={showMenu}
        onKeyDown={moveFocus}
        onClick={(event) => event.currentTarget.hidePopover()}
      >
        {children}
      </div>
    </>
  )
}

interface MenuItemProps {
  onSelect: () => void
  disabled?: boolean
  danger?: boolean
  children: ReactNode
}

/** One command of a `Menu`. */
export function MenuItem({ onSelect, disabled = false, danger = false, children }: MenuItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      disabled={disabled}
      className={classNames(styles.item, danger && styles.danger)}
      onClick={onSelect}
    >
      {children}
    </button>
  )
}

function itemsOf(menu: HTMLElement): HTMLButtonElement[] {
  return [...menu.querySelectorAll<HTMLButtonElement>('button[role^="menuitem"]:not(:disabled)')]
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const items = itemsOf(event.currentTarget)
  const index = items.findIndex((item) => item === document.activeElement)
  const target = targetOf(event.key, index, items.length)
  if (target === null) return
  event.preventDefault()
  items[target]?.focus()
}

function targetOf(key: string, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return (index + 1) % count
    case 'ArrowUp':
      return (index - 1 + count) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}
