import type { SelectOption } from '../select.tsx'
import { Select } from '../select.tsx'
import styles from './select-field.module.css'

interface SelectFieldProps<Value extends string> {
  label: string
  value: Value
  options: readonly SelectOption<Value>[]
  onChange: (value: Value) => void
}

/** A select with its label above it, as in forms. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  return (
    <div className={styles.field}>
      <span aria-hidden="true" className={styles.label}>
        {props.label}
      </span>
      <Select edged {...props} />
    </div>
  )
}
