import type { Token } from 'marked'
import { memo, useMemo, useState } from 'react'
import { type LexedMarkdown, lexGrowing, lexMarkdown } from './lex-markdown.ts'
import styles from './markdown.module.css'
import { renderBlock } from './render-block.tsx'

interface MarkdownProps {
  text: string
  /** True while more text is to come. */
  isGrowing?: boolean
}

/**
 * Markdown of an agent, as React elements. HTML in it is text, pictures are links, links lead to web and mail alone.
 * While the text grows only its last blocks are drawn again.
 */
export const Markdown = memo(function Markdown({ text, isGrowing = false }: MarkdownProps) {
  const { tokens } = useLexed(text, isGrowing)
  return (
    <div className={styles.markdown}>
      {tokens.map((token, index) => (
        <Block key={index} token={token} isOpen={isGrowing && index === tokens.length - 1} />
      ))}
    </div>
  )
})

function useLexed(text: string, isGrowing: boolean): LexedMarkdown {
  // A box, not state: what was lexed before only saves work, and never decides what is drawn.
  const [box] = useState<{ lexed: LexedMarkdown | null }>({ lexed: null })
  return useMemo(() => {
    const lexed = isGrowing ? lexGrowing(text, box.lexed) : lexMarkdown(text)
    return keepLexed(box, lexed)
  }, [text, isGrowing, box])
}

function keepLexed(box: { lexed: LexedMarkdown | null }, lexed: LexedMarkdown): LexedMarkdown {
  box.lexed = lexed
  return lexed
}

interface BlockProps {
  token: Token
  isOpen: boolean
}

/** A settled block has the same raw text for ever, and is drawn once; an open one may have been healed. */
const Block = memo(
  function Block({ token, isOpen }: BlockProps) {
    return renderBlock(token, isOpen)
  },
  (before, after) => before.token === after.token || (before.token.raw === after.token.raw && !before.isOpen && !after.isOpen),
)
