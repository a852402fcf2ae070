import type { SelectHTMLAttributes } from 'react'
import { classNames } from './class-names.ts'
import styles from './select.module.css'

export interface SelectOption<Value extends string> {
  value: Value
  label: string
}

interface SelectProps<Value extends string>
  extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'value' | 'onChange' | 'aria-label' | 'children'> {
  /** Its accessible name; where a visible label stands beside it, the same words. */
  label: string
  value: Value
  options: readonly SelectOption<Value>[]
  onChange: (value: Value) => void
  /** With an edge, as in forms; quiet otherwise, as in headers. */
  edged?: boolean
}

/** The platform's own select, which every device can use. */
export function Select<Value extends string>({ label, value, options, onChange, edged = false, className, ...rest }: SelectProps<Value>) {
  return (
    <select
      {...rest}
      aria-label={label}
      className={classNames(styles.select, edged && styles.edged, className)}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.target.value)
        if (chosen !== undefined) onChange(chosen.value)
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
