import { posix } from 'node:path'
import hljs from 'highlight.js/lib/common'
import { Marked, type Tokens } from 'marked'

/** A heading of a page. */
export interface Heading {
  depth: number
  text: string
  id: string
}

export interface RenderedPage {
  html: string
  headings: Heading[]
  /** As the page has them, made relative to the root of the repository; with their fragment. */
  links: string[]
  images: string[]
}

/**
 * Turns Markdown of ours into HTML.
 * @param source the page's path from the root of the repository
 * @param addressOf the address on the site of a link, which is given from the root of the repository or absolute
 */
export function renderPage(markdown: string, source: string, addressOf: (link: string) => string): RenderedPage {
  const headings: Heading[] = []
  const links: string[] = []
  const images: string[] = []
  const fromRoot = (href: string): string => resolveLink(source, href)
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        const html = this.parser.parseInline(tokens)
        const text = plainText(html)
        const heading = { depth, text, id: freeId(slugOf(text), headings) }
        headings.push(heading)
        return `<h${String(depth)} id="${heading.id}">${html}<a class="anchor" href="#${heading.id}" aria-label="Link to ${escapeHtml(text)}">#</a></h${String(depth)}>\n`
      },
      link({ href, tokens }: Tokens.Link) {
        const target = fromRoot(href)
        links.push(target)
        return `<a href="${escapeHtml(addressOf(target))}">${this.parser.parseInline(tokens)}</a>`
      },
      image({ href, text }: Tokens.Image) {
        const target = fromRoot(href)
        images.push(target)
        return `<img src="${escapeHtml(addressOf(target))}" alt="${escapeHtml(text)}" loading="lazy">`
      },
      code({ text, lang }: Tokens.Code) {
        const language = lang !== undefined && hljs.getLanguage(lang) ? lang : null
        const body = language === null ? escapeHtml(text) : hljs.highlight(text, { language }).value
        // A block that scrolls has to take the keyboard.
        return `<pre tabindex="0"><code>${body}</code></pre>\n`
      },
      table(token: Tokens.Table) {
        const cells = (row: Tokens.TableCell[], tag: string): string =>
          `<tr>${row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`
        const body = token.rows.map((row) => cells(row, 'td')).join('\n')
        return `<div class="table" tabindex="0"><table><thead>${cells(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>\n`
      },
      html({ text }: Tokens.HTML | Tokens.Tag) {
        if (text.startsWith('<!--') || text === '<br>') return text
        throw new Error(`${source} holds HTML, which the site does not take: ${text.trim()}`)
      },
    },
  })
  return { html: marked.parse(markdown, { async: false }), headings, links, images }
}

/** A link as from the root of the repository; absolute ones as they are. */
function resolveLink(source: string, href: string): string {
  if (/^[a-z][a-z+.-]*:/i.test(href)) return href
  if (href.startsWith('#')) return source + href
  return posix.join(posix.dirname(source), href)
}

/** As code hosts make anchors of headings, so that a link works in both places. */
function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}

function freeId(wanted: string, taken: readonly Heading[]): string {
  const isTaken = (id: string): boolean => taken.some((heading) => heading.id === id)
  for (let count = 0; ; count += 1) {
    const id = count === 0 ? wanted : `${wanted}-${String(count)}`
    if (!isTaken(id)) return id
  }
}

function plainText(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

/** Text for HTML and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
