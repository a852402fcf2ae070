import type { MarkedToken, Token, Tokens } from 'marked'
import type { ReactNode } from 'react'
import { VisibleText } from '../code/visible-text.tsx'
import styles from './markdown.module.css'
import { safeLink } from './safe-link.ts'
import { markdownText } from './text-markdown.ts'

/** Tokens inside a block as React elements. What is not known is shown as it was written. */
export function renderInline(tokens: readonly Token[] | undefined): ReactNode {
  return tokens?.map((token, index) => <Inline key={index} token={token} />)
}

type InlineType = 'text' | 'escape' | 'strong' | 'em' | 'del' | 'codespan' | 'br' | 'link' | 'image' | 'checkbox' | 'html'
type TokenOf<Type extends InlineType> = Extract<MarkedToken, { type: Type }>
type Renderers = { readonly [Type in InlineType]: (token: TokenOf<Type>) => ReactNode }

const renderers: Renderers = {
  text: (token) => (token.tokens === undefined ? <VisibleText text={token.text} /> : renderInline(token.tokens)),
  escape: (token) => token.text,
  strong: (token) => <strong>{renderInline(token.tokens)}</strong>,
  em: (token) => <em>{renderInline(token.tokens)}</em>,
  del: (token) => <del>{renderInline(token.tokens)}</del>,
  codespan: (token) => (
    <code className={styles.codespan}>
      <VisibleText text={token.text} />
    </code>
  ),
  br: () => <br />,
  link: (token) => <Link token={token} />,
  image: (token) => <ImageLink token={token} />,
  checkbox: (token) => (
    <span role="img" aria-label={token.checked ? markdownText.done : markdownText.notDone} className={styles.checkbox}>
      {token.checked ? '☑ ' : '☐ '}
    </span>
  ),
  html: (token) => <VisibleText text={token.text} />,
}

function isInline(token: Token): token is TokenOf<InlineType> {
  return Object.hasOwn(renderers, token.type)
}

function renderToken<Type extends InlineType>(type: Type, token: TokenOf<Type>): ReactNode {
  const render: (token: TokenOf<Type>) => ReactNode = renderers[type]
  return render(token)
}

function Inline({ token }: { token: Token }) {
  return isInline(token) ? renderToken(token.type, token) : <VisibleText text={token.raw} />
}

/** A link says where it leads, unless its words already do. */
function Link({ token }: { token: Tokens.Link }) {
  const link = safeLink(token.href)
  if (link === null) return <>{renderInline(token.tokens)}</>
  return (
    <>
      <a href={link.href} target="_blank" rel="noopener noreferrer">
        {renderInline(token.tokens)}
      </a>
      {!token.text.includes(link.destination) && <span className={styles.destination}> ({link.destination})</span>}
    </>
  )
}

/** Pictures are never loaded: the address alone would tell a stranger what is read here. */
function ImageLink({ token }: { token: Tokens.Image }) {
  const link = safeLink(token.href)
  const words = markdownText.image(token.text)
  if (link === null) return <>{words}</>
  return (
    <>
      <a href={link.href} target="_blank" rel="noopener noreferrer">
        {words}
      </a>
      <span className={styles.destination}> ({link.destination})</span>
    </>
  )
}
