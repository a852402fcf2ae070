import fc from 'fast-check'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { healMarkdown } from './heal-markdown.ts'
import { lexGrowing, lexMarkdown, type LexedMarkdown } from './lex-markdown.ts'
import { Markdown } from './markdown.tsx'
import { safeLink } from './safe-link.ts'

function html(text: string, isGrowing = false): string {
  return renderToStaticMarkup(<Markdown text={text} isGrowing={isGrowing} />).replaceAll(/ class="[^"]*"/g, '')
}

test('paragraphs, emphasis, lists, tables and code become elements', () => {
  expect(html('Some *fine* **bold** `code`')).toContain('<p>Some <em>fine</em> <strong>bold</strong> <code>code</code></p>')
  expect(html('3. a\n4. b')).toContain('<ol start="3"><li>')
  expect(html('- [x] done')).toContain('aria-label="Done"')
  expect(html('| a | b |\n|---|--:|\n| 1 | 2 |')).toContain('<th scope="col">a</th>')
  expect(html('```ts\nconst a = 1\n```')).toContain('<code>const a = 1</code>')
})

test('HTML is shown as text', () => {
  const shown = html('<script>alert(1)</script>\n\nhi <img src=x onerror=alert(1)> there')
  expect(shown).not.toMatch(/<script|<img/)
  expect(shown).toContain('&lt;script&gt;')
  expect(shown).toContain('&lt;img src=x onerror=alert(1)&gt;')
})

test('a link leads to web or mail alone, says where, and tells the other page nothing', () => {
  expect(html('[docs](https://example.com/a)')).toContain(
    '<a href="https://example.com/a" target="_blank" rel="noopener noreferrer">docs</a><span> (example.com)</span>',
  )
  expect(html('https://example.com/a')).not.toContain('(example.com)')
  for (const href of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'src/a.ts',
    '//evil.test',
    'vbscript:x',
  ])
    expect(html(`[x](${href})`)).not.toContain('<a')
  expect(safeLink('mailto:ada@example.com')?.destination).toBe('ada@example.com')
})

test('a picture is a link with its words, never loaded', () => {
  const shown = html('![secret](https://evil.test/?q=1)')
  expect(shown).not.toContain('<img')
  expect(shown).toContain('Image, not loaded: secret</a><span> (evil.test)</span>')
})

test('characters that deceive the eye are written out, emoji stay', () => {
  expect(html('a\u202Eb 👩‍👧')).toContain('⟦U+202E⟧')
  expect(html('👩‍👧 ok')).not.toContain('⟦')
})

test.each([
  ['**bol', '**bol**'],
  ['a **', 'a '],
  ['*it and **both', '*it and **both***'],
  ['a `code', 'a `code`'],
  ['a `', 'a '],
  ['see [label](http://ex', 'see label'],
  ['see [lab', 'see lab'],
  ['text\n--', 'text'],
  ['snake_case and 2 * 3', 'snake_case and 2 * 3'],
  ['* item', '* item'],
  ['done **bold** text', 'done **bold** text'],
])('what is half written is healed: %j', (open, healed) => {
  expect(healMarkdown(open)).toBe(healed)
})

test('an open fence is a code block already', () => {
  expect(html('text\n\n```js\nconst a', true)).toContain('<code>const a</code>')
})

function withoutSpace(text: string): string {
  return text.replaceAll(/\s/g, '')
}

const piece = fc.constantFrom(
  'word ',
  '**',
  '*',
  '`',
  '```\n',
  '\n',
  '\n\n',
  '- item\n',
  '1. one\n',
  '> quote\n',
  '# head\n',
  '| a | b |\n',
  '|---|---|\n',
  '[l](x',
  ')',
  '<b>',
  '    code\n',
)

test('property: however a text grows, its tokens are the text, and at its end it is drawn as if it had come at once', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      let text = ''
      let lexed: LexedMarkdown | null = null
      for (const next of pieces) {
        text += next
        lexed = lexGrowing(text, lexed)
        expect(withoutSpace(lexed.tokens.map((token) => token.raw).join(''))).toBe(withoutSpace(text))
      }
      expect(html(text)).toBe(html(lexMarkdown(text).text))
    }),
  )
})

test('what is settled keeps its tokens while the text grows', () => {
  const before = lexGrowing('# A\n\none\n\ntwo\n\nthree', null)
  const after = lexGrowing('# A\n\none\n\ntwo\n\nthree and more', before)
  expect(after.tokens[0]).toBe(before.tokens[0])
  expect(after.tokens.at(-1)?.raw).toBe('three and more')
})

test('a text nested beyond reason is still shown', () => {
  expect(html(`${'>'.repeat(20_000)} deep`)).toContain('deep')
})
