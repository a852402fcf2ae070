import type { SitePage, SitePart } from './contents.ts'
import { escapeHtml, type Heading } from './render-page.ts'

interface PageParts {
  page: SitePage
  contents: readonly SitePart[]
  body: string
  headings: readonly Heading[]
}

/** More headings than this on the second level are told without the third. */
const MANY_HEADINGS = 12

/** A part with more pages than this is folded unless one is in it. */
const MANY_PAGES = 12

/** A whole page of the site. Nothing in it runs: no script, and nothing from elsewhere. */
export function pageTemplate({ page, contents, body, headings }: PageParts): string {
  const all = contents.flatMap(({ pages }) => pages)
  const index = all.findIndex(({ slug }) => slug === page.slug)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(page.slug === 'index' ? page.title : `${page.title} · AI Code UI`)}</title>
<link rel="stylesheet" href="${rootOf(page)}tokens.css">
<link rel="stylesheet" href="${rootOf(page)}site.css">
</head>
<body>
<a class="skip" href="#content">Skip to the text</a>
<header><a class="brand" href="${rootOf(page)}index.html">AI Code UI</a></header>
<div class="columns">
<nav aria-label="Pages">
<details class="menu"><summary>All pages</summary>${navigation(page, contents)}</details>
<div class="aside">${navigation(page, contents)}</div>
</nav>
<main id="content" tabindex="-1">
${body.replace('</h1>\n', (end) => end + onThisPage(headings))}
<nav class="turn" aria-label="Before and after">${turn(page, all[index - 1], 'Before')}${turn(page, all[index + 1], 'Next')}</nav>
</main>
</div>
</body>
</html>
`
}

/** The way from a page to the root of the site. */
function rootOf({ slug }: SitePage): string {
  return '../'.repeat(slug.split('/').length - 1)
}

function navigation(current: SitePage, contents: readonly SitePart[]): string {
  return contents
    .map(({ title, pages }) => {
      const items = pages.map((page) => `<li>${link(current, page, page.title)}</li>`).join('')
      if (pages.length <= MANY_PAGES) return `<p class="part">${escapeHtml(title)}</p><ul>${items}</ul>`
      const isHere = pages.some(({ slug }) => slug === current.slug)
      return `<details${isHere ? ' open' : ''}><summary class="part">${escapeHtml(title)}</summary><ul>${items}</ul></details>`
    })
    .join('')
}

function link(current: SitePage, page: SitePage, text: string): string {
  const here = page.slug === current.slug ? ' aria-current="page"' : ''
  return `<a href="${rootOf(current)}${page.slug}.html"${here}>${escapeHtml(text)}</a>`
}

function turn(current: SitePage, page: SitePage | undefined, what: string): string {
  return page === undefined ? '<span></span>' : link(current, page, `${what}: ${page.title}`)
}

function onThisPage(headings: readonly Heading[]): string {
  const seconds = headings.filter(({ depth }) => depth === 2)
  if (seconds.length < 3) return ''
  const depth = seconds.length > MANY_HEADINGS ? 2 : 3
  const shown = headings.filter((heading) => heading.depth >= 2 && heading.depth <= depth)
  const few = shown.length > 3 * MANY_HEADINGS ? seconds : shown
  const items = few.map(({ depth: level, id, text }) => `<li class="level-${String(level)}"><a href="#${id}">${escapeHtml(text)}</a></li>`)
  return `<details class="on-this-page"><summary>On this page</summary><ul>${items.join('')}</ul></details>`
}
