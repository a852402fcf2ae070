import type { MarkedToken, Token, Tokens } from 'marked'
import type { ReactNode } from 'react'
import { ScrollArea } from '../code/scroll-area.tsx'
import { VisibleText } from '../code/visible-text.tsx'
import { CodeBlock } from './code-block.tsx'
import styles from './markdown.module.css'
import { renderInline } from './render-inline.tsx'
import { markdownText } from './text-markdown.ts'

type BlockType = 'paragraph' | 'text' | 'heading' | 'code' | 'list' | 'blockquote' | 'table' | 'hr' | 'html' | 'space' | 'def'
type TokenOf<Type extends BlockType> = Extract<MarkedToken, { type: Type }>
type Renderers = { readonly [Type in BlockType]: (token: TokenOf<Type>, isOpen: boolean) => ReactNode }

const renderers: Renderers = {
  paragraph: (token) => <p>{renderInline(token.tokens)}</p>,
  // Words of a tight list, or what could not be lexed.
  text: (token) => (token.tokens === undefined ? <VisibleText text={token.text} /> : renderInline(token.tokens)),
  heading: (token) => <Heading token={token} />,
  code: (token, isOpen) => <CodeBlock text={token.text} language={languageOf(token)} isOpen={isOpen} />,
  list: (token, isOpen) => <List token={token} isOpen={isOpen} />,
  blockquote: (token, isOpen) => <blockquote>{renderBlocks(token.tokens, isOpen)}</blockquote>,
  table: (token) => <Table token={token} />,
  hr: () => <hr />,
  html: (token) => (
    <p className={styles.html}>
      <VisibleText text={token.text} />
    </p>
  ),
  space: () => null,
  def: () => null,
}

/** Blocks as React elements; `isOpen`: the last of them is still being written. */
export function renderBlocks(tokens: readonly Token[], isOpen: boolean): ReactNode {
  return tokens.map((token, index) => (
    <span key={index} className={styles.contents}>
      {renderBlock(token, isOpen && index === tokens.length - 1)}
    </span>
  ))
}

/** One block as a React element. What is not known is shown as it was written. */
export function renderBlock(token: Token, isOpen: boolean): ReactNode {
  return isBlock(token) ? renderToken(token.type, token, isOpen) : renderInline([token])
}

function isBlock(token: Token): token is TokenOf<BlockType> {
  return Object.hasOwn(renderers, token.type)
}

function renderToken<Type extends BlockType>(type: Type, token: TokenOf<Type>, isOpen: boolean): ReactNode {
  const render: (token: TokenOf<Type>, isOpen: boolean) => ReactNode = renderers[type]
  return render(token, isOpen)
}

function languageOf(token: Tokens.Code): string {
  return /^[\w+#.-]*/.exec(token.lang ?? '')?.[0].toLowerCase() ?? ''
}

/** Headings of an answer stand below the screen's own. */
function Heading({ token }: { token: Tokens.Heading }) {
  const words = renderInline(token.tokens)
  if (token.depth === 1) return <h2 className={styles.largeHeading}>{words}</h2>
  if (token.depth === 2) return <h3>{words}</h3>
  return <h4>{words}</h4>
}

function List({ token, isOpen }: { token: Tokens.List; isOpen: boolean }) {
  const items = token.items.map((item, index) => (
    <li key={index} className={item.task ? styles.task : undefined}>
      {renderBlocks(item.tokens, isOpen && index === token.items.length - 1)}
    </li>
  ))
  return token.ordered ? <ol start={token.start === '' ? 1 : token.start}>{items}</ol> : <ul>{items}</ul>
}

const ALIGN = { left: styles.left, center: styles.center, right: styles.right }

function cellClass(cell: Tokens.TableCell): string | undefined {
  return cell.align === null ? undefined : ALIGN[cell.align]
}

/** A table scrolls in itself. */
function Table({ token }: { token: Tokens.Table }) {
  return (
    <ScrollArea label={markdownText.table} className={styles.table}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col" className={cellClass(cell)}>
                {renderInline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, rowIndex) => (
            <tr key={rowIndex}>
              {row.map((cell, index) => (
                <td key={index} className={cellClass(cell)}>
                  {renderInline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}
