import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { buildSite } from '../../scripts/docs-site/build-site.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const PARTS = [
  {
    title: 'All',
    pages: [
      { source: 'docs/a.md', title: 'A', slug: 'a' },
      { source: 'NOTES.md', title: 'Notes', slug: 'notes' },
    ],
  },
]

/** Builds the site of a repository that has just these files. */
async function built(files: Record<string, string>) {
  const root = await temporaryFolder()
  for (const [path, text] of Object.entries({ 'docs/a.md': '# A\n', 'NOTES.md': '# Notes\n', ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const output = join(root, 'site')
  const report = await buildSite(root, output, PARTS)
  return { report, html: (slug: string) => readFile(join(output, `${slug}.html`), 'utf8') }
}

test('links between pages and to headings lead to where they are on the site', async () => {
  const { report, html } = await built({
    'docs/a.md': '# A\n\nSee [notes](../NOTES.md#what-is-new-), [why](decisions/0001-b.md) and [here](#a).\n',
    'NOTES.md': '# Notes\n\n## What is new?\n\n## What is `new`?\n',
    'docs/decisions/0001-b.md': '# 1. B\n\n[Back](../a.md)\n',
  })
  expect(report.faults).toEqual(['docs/a.md: NOTES.md#what-is-new- has no such heading.'])
  expect(await html('a')).toContain('<a href="notes.html#what-is-new-">notes</a>')
  expect(await html('a')).toContain('<a href="decisions/0001-b.html">why</a>')
  expect(await html('decisions/0001-b')).toContain('<a href="../a.html">Back</a>')
  expect(await html('notes')).toContain('id="what-is-new-1"')
})

test.each([
  ['a page that is not there', '[x](gone.md)', 'docs/a.md: docs/gone.md does not exist.'],
  ['a file that is not there', '[x](../src/gone.ts)', 'docs/a.md: src/gone.ts does not exist.'],
  ['a heading that is not there', '[x](#gone)', 'docs/a.md: docs/a.md#gone has no such heading.'],
  ['a site without TLS', '[x](http://example.org/)', 'docs/a.md: http://example.org/ is neither https nor mail.'],
  ['a script', '[x](javascript:alert)', 'docs/a.md: javascript:alert is neither https nor mail.'],
])('a link to %s is found', async (_, text, fault) => {
  const { report } = await built({ 'docs/a.md': `# A\n\n${text}\n` })
  expect(report.faults).toEqual([fault])
})

test('a page of docs/ that the site leaves out is found', async () => {
  const { report } = await built({ 'docs/b.md': '# B\n' })
  expect(report.faults).toEqual(['docs/b.md is not in the contents of the site.'])
})

test('HTML in a page is refused, and text that looks like it is text', async () => {
  await expect(built({ 'docs/a.md': '# A\n\n<script>1</script>\n' })).rejects.toThrow('docs/a.md holds HTML')
  const { html } = await built({ 'docs/a.md': '# A `<b>`\n\n`<i>`\n\n```ts\nconst a = "<u>"\n```\n' })
  expect(await html('a')).not.toMatch(/<(b|i|u)>/)
})
