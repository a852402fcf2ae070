import { Code } from '../code/code.tsx'
import { CopyButton } from '../code/copy-button.tsx'
import { ScrollArea } from '../code/scroll-area.tsx'
import styles from './markdown.module.css'
import { markdownText } from './text-markdown.ts'

interface CodeBlockProps {
  text: string
  language: string
  isOpen: boolean
}

/** A fenced block of code, which scrolls in itself. */
export function CodeBlock({ text, language, isOpen }: CodeBlockProps) {
  return (
    <div className={styles.codeBlock}>
      <div className={styles.codeHead}>
        <span>{language === '' ? markdownText.plainText : language}</span>
        <CopyButton text={text} label={markdownText.copyCode} copiedLabel={markdownText.copied} />
      </div>
      <ScrollArea label={markdownText.code} className={styles.code}>
        <pre>
          <Code text={text} language={language} isOpen={isOpen} />
        </pre>
      </ScrollArea>
    </div>
  )
}
