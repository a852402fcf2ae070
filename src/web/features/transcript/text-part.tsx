import { useId } from 'react'
import { Code } from '../../ui/code/code.tsx'
import { CopyButton } from '../../ui/code/copy-button.tsx'
import { ScrollArea } from '../../ui/code/scroll-area.tsx'
import { toolText } from './text-transcript.ts'
import styles from './tool-row.module.css'

interface TextPartProps {
  label: string
  text: string
  language?: string
}

/** A labelled piece of exact text, which wraps and scrolls in itself. */
export function TextPart({ label, text, language = '' }: TextPartProps) {
  const labelId = useId()
  return (
    <div className={styles.part} role="group" aria-labelledby={labelId}>
      <div className={styles.partHead}>
        <span id={labelId} className={styles.label}>
          {label}
        </span>
        <CopyButton text={text} label={`${toolText.copy}: ${label}`} copiedLabel={toolText.copied} />
      </div>
      <ScrollArea label={label} className={styles.pre}>
        <pre>
          <Code text={text} language={language} />
        </pre>
      </ScrollArea>
    </div>
  )
}
