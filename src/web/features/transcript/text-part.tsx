import { Code } from '../../ui/code/code.tsx'
import { CopyButton } from '../../ui/code/copy-button.tsx'
import { ScrollArea } from '../../ui/code/scroll-area.tsx'
import { toolText } from './text-transcript.ts'
import styles from './tool-row.module.css'

interface TextPartProps {
  label: string
  text: string
  language?: string
  /** Where the place says what it is, the label is for those alone who cannot see it. */
  hidesLabel?: boolean
}

/** A labelled piece of exact text, which wraps and scrolls in itself. */
export function TextPart({ label, text, language = '', hidesLabel = false }: TextPartProps) {
  return (
    <div className={styles.part}>
      {!hidesLabel && (
        <span className={styles.label} aria-hidden>
          {label}
        </span>
      )}
      <div className={styles.copied}>
        <ScrollArea label={label} className={styles.pre}>
          <pre>
            <Code text={text} language={language} />
          </pre>
        </ScrollArea>
        <CopyButton text={text} label={`${toolText.copy}: ${label}`} copiedLabel={toolText.copied} />
      </div>
    </div>
  )
}
