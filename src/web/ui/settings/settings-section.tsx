import type { ReactNode, Ref } from 'react'
import { Fragment } from 'react'
import styles from './settings.module.css'

interface SettingsSectionProps {
  /** Also the address within the screen, as in `/account#devices`. */
  id: string
  title: string
  /** One or two sentences below the heading. */
  description?: ReactNode
  children: ReactNode
}

/** A part of a screen of settings, with a heading that an address can lead to. */
export function SettingsSection({ id, title, description, children }: SettingsSectionProps) {
  return (
    <section id={id} className={styles.section} aria-labelledby={`${id}-title`}>
      <div className={styles.intro}>
        <h2 id={`${id}-title`} tabIndex={-1} className={styles.title}>
          {title}
        </h2>
        {description !== undefined && <p className={styles.description}>{description}</p>}
      </div>
      {children}
    </section>
  )
}

/** Sections below each other in one column. */
export function SettingsColumn({ ref, children }: { ref?: Ref<HTMLDivElement>; children: ReactNode }) {
  return (
    <div ref={ref} className={styles.column}>
      {children}
    </div>
  )
}

/** A list of things with what can be done to each. */
export function SettingsList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={styles.list} aria-label={label}>
      {children}
    </ul>
  )
}

interface SettingsRowProps {
  /** A 16 px icon; it says nothing that the words do not. */
  icon?: ReactNode
  title: ReactNode
  /** Beside the title. */
  badge?: ReactNode
  /** Facts below the title, each of which stays together when the line breaks. */
  facts: readonly ReactNode[]
  /** Said below the row, such as why the last command failed. */
  note?: ReactNode
  /** Buttons at the end. */
  actions?: ReactNode
}

export function SettingsRow({ icon, title, badge, facts, note, actions }: SettingsRowProps) {
  return (
    <li className={styles.row}>
      {icon !== undefined && <span className={styles.icon}>{icon}</span>}
      <div className={styles.text}>
        <div className={styles.name}>
          <span className={styles.nameText}>{title}</span>
          {badge}
        </div>
        <p className={styles.facts}>
          {facts.map((fact, index) => (
            // Facts have no names of their own, and their order stays.
            <Fragment key={index}>
              {index > 0 && <span aria-hidden="true"> · </span>}
              <span className={styles.fact}>{fact}</span>
            </Fragment>
          ))}
        </p>
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      {note !== undefined && <div className={styles.note}>{note}</div>}
    </li>
  )
}
