import { CopyButton } from '../code/copy-button.tsx'
import { ScrollArea } from '../code/scroll-area.tsx'
import styles from './secret-text.module.css'

interface SecretTextProps {
  /** What it is, above it. */
  label: string
  text: string
  copyLabel: string
  copiedLabel: string
}

/** Text that is there to be copied: whole, chosen with one press where the browser gives no clipboard. */
export function SecretText({ label, text, copyLabel, copiedLabel }: SecretTextProps) {
  return (
    <div className={styles.secret}>
      <span className={styles.label}>{label}</span>
      <div className={styles.box}>
        <ScrollArea label={label} className={styles.text}>
          <code>{text}</code>
        </ScrollArea>
        <CopyButton text={text} label={copyLabel} copiedLabel={copiedLabel} />
      </div>
    </div>
  )
}
