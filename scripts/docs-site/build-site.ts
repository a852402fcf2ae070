import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import { ROOT } from '../run-command.ts'
import { CONTENTS, type SitePage, type SitePart } from './contents.ts'
import { pageTemplate } from './page-template.ts'
import { type RenderedPage, renderPage } from './render-page.ts'

const DECISIONS = 'docs/decisions'

export interface SiteReport {
  pageCount: number
  linkCount: number
  /** Sentences; empty where every link leads somewhere. */
  faults: string[]
}

/**
 * Builds the site from the Markdown of the repository at `root` and checks every link of it: pages, headings, pictures
 * and files. Links to other sites are not followed.
 */
export async function buildSite(root: string, output: string, parts: readonly SitePart[] = CONTENTS): Promise<SiteReport> {
  const contents = [...parts, ...(await decisions(root))]
  const pages = contents.flatMap((part) => part.pages)
  await rm(output, { recursive: true, force: true })
  await mkdir(output, { recursive: true })
  await copyFile(join(import.meta.dirname, 'site.css'), join(output, 'site.css'))
  await copyFile(join(ROOT, 'src/web/styles/tokens.css'), join(output, 'tokens.css'))
  const rendered = new Map<SitePage, RenderedPage>()
  for (const page of pages) {
    const markdown = await readFile(join(root, page.source), 'utf8')
    rendered.set(
      page,
      renderPage(markdown, page.source, (link) => addressOf(link, page, pages)),
    )
  }
  for (const [page, { html, headings, images }] of rendered) {
    const file = join(output, `${page.slug}.html`)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, pageTemplate({ page, contents, body: html, headings }))
    for (const image of images) await copyImage(join(root, image), join(output, 'images', basename(image)))
  }
  const links = [...rendered].flatMap(([page, { links: targets, images }]) => [...targets, ...images].map((target) => ({ page, target })))
  const faults = await Promise.all(links.map(({ page, target }) => faultOf(target, page, { root, rendered })))
  const unlisted = (await markdownOf(root)).filter((source) => pages.every((page) => page.source !== source))
  return {
    pageCount: pages.length,
    linkCount: links.length,
    faults: [...faults.filter((fault) => fault !== null), ...unlisted.map((source) => `${source} is not in the contents of the site.`)],
  }
}

async function copyImage(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await copyFile(from, to)
}

/** Where a link of a page leads on the site. What is no page of it stays a path of the repository, told as text. */
function addressOf(link: string, from: SitePage, pages: readonly SitePage[]): string {
  if (isElsewhere(link)) return link
  const [path = '', fragment] = link.split('#')
  const up = '../'.repeat(from.slug.split('/').length - 1)
  const anchor = fragment === undefined ? '' : `#${fragment}`
  if (/\.(png|svg|webp|jpg)$/.test(path)) return `${up}images/${basename(path)}`
  if (path.replace(/\/$/, '') === DECISIONS)
    return `${up}decisions/${pages.find(({ slug }) => slug.startsWith('decisions/'))?.slug.slice(10) ?? ''}.html`
  const page = pages.find(({ source }) => source === path)
  return page === undefined ? `${up}index.html` : `${up}${page.slug}.html${anchor}`
}

interface Known {
  root: string
  rendered: ReadonlyMap<SitePage, RenderedPage>
}

/** Why a link leads nowhere, as a sentence; null where it does not. */
async function faultOf(link: string, page: SitePage, { root, rendered }: Known): Promise<string | null> {
  const fault = (what: string): string => `${page.source}: ${link} ${what}.`
  if (isElsewhere(link)) return /^(https:|mailto:|http:\/\/127\.0\.0\.1[:/])/.test(link) ? null : fault('is neither https nor mail')
  const [path = '', fragment] = link.split('#')
  const target = [...rendered].find(([{ source }]) => source === path)?.[1]
  if (target === undefined) return (await exists(join(root, path))) && fragment === undefined ? null : fault('does not exist')
  return fragment === undefined || target.headings.some(({ id }) => id === fragment) ? null : fault('has no such heading')
}

function isElsewhere(link: string): boolean {
  return /^[a-z][a-z+.-]*:/i.test(link)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Every page below `docs/` but the decisions, which are all on the site. */
async function markdownOf(root: string): Promise<string[]> {
  const names = await readdir(join(root, 'docs'))
  return names.filter((name) => name.endsWith('.md')).map((name) => posix.join('docs', name))
}

async function decisions(root: string): Promise<SitePart[]> {
  const names = (await readdir(join(root, DECISIONS)).catch(() => [])).filter((name) => name.endsWith('.md')).sort()
  const pages = await Promise.all(
    names.map(async (name) => {
      const source = posix.join(DECISIONS, name)
      const title = /^# (.*)$/m.exec(await readFile(join(root, source), 'utf8'))?.[1] ?? name
      return { source, title, slug: `decisions/${name.replace(/\.md$/, '')}` }
    }),
  )
  return pages.length === 0 ? [] : [{ title: 'Decisions', pages }]
}

/** Where `npm run docs:site` puts it. */
export const SITE_FOLDER = join(ROOT, 'dist-docs')
