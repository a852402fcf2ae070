import { useId } from 'react'
import styles from './choice-list.module.css'

interface Choice<Value extends string> {
  value: Value
  label: string
  /** What it means, in a line. */
  meaning: string
}

interface ChoiceListProps<Value extends string> {
  legend: string
  /** Several may be chosen. */
  isMultiple?: boolean
  choices: readonly Choice<Value>[]
  chosen: readonly Value[]
  onChange: (chosen: Value[]) => void
  /** Why what is chosen cannot be. */
  error?: string | undefined
}

/** Choices that each say what they mean. */
export function ChoiceList<Value extends string>({ legend, isMultiple = false, choices, chosen, onChange, error }: ChoiceListProps<Value>) {
  const id = useId()
  function choose(value: Value) {
    if (!isMultiple) onChange([value])
    else if (chosen.includes(value)) onChange(chosen.filter((other) => other !== value))
    else onChange([...chosen, value])
  }
  return (
    <fieldset className={styles.list} aria-describedby={error === undefined ? undefined : `${id}-error`}>
      <legend className={styles.legend}>{legend}</legend>
      {choices.map(({ value, label, meaning }) => (
        <label key={value} className={styles.choice}>
          <input
            type={isMultiple ? 'checkbox' : 'radio'}
            name={id}
            checked={chosen.includes(value)}
            aria-labelledby={`${id}-${value}-name`}
            aria-describedby={`${id}-${value}`}
            onChange={() => choose(value)}
          />
          <span className={styles.words}>
            <span id={`${id}-${value}-name`}>{label}</span>
            <span id={`${id}-${value}`} className={styles.meaning}>
              {meaning}
            </span>
          </span>
        </label>
      ))}
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className={styles.error}>
          {error}
        </p>
      )}
    </fieldset>
  )
}
