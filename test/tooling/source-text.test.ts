import { expect, test } from 'vitest'
import { findForbiddenText } from '../../scripts/check-source-text.ts'

test.each([
  ['a.module.css', '  color: #fff;'],
  ['a.module.css', '  background: linear-gradient(red, var(--surface));'],
  ['a.module.css', '  border: 1px solid rgb(0 0 0 / 10%);'],
  ['a.module.css', '  box-shadow:\n    0 1px 2px rgba(0, 0, 0, 0.2);'],
  ['card.tsx', "  return <p style={{ color: '#1a2b3c' }}>x</p>"],
  ['card.tsx', "  const fill = 'oklch(70% 0.1 200)'"],
])('a raw colour in %s is found: %s', (name, content) => {
  expect(findForbiddenText(`src/web/ui/${name}`, content)).toMatchObject([{ problem: expect.stringContaining('raw colour') }])
})

test.each([
  ['ui/a.module.css', '.red { color: var(--red-text); }'],
  ['ui/a.module.css', '.grey:hover {'],
  ['ui/a.module.css', '/* white on #000 */\n  color: currentColor;'],
  ['ui/a.module.css', '  white-space: nowrap;'],
  ['ui/a.module.css', '  background: color-mix(in oklch, var(--accent) 20%, transparent);'],
  ['styles/tokens.css', '  --surface: #fff;'],
  ['ui/link.tsx', "  return <a href='#main'>Skip</a>"],
  ['ui/link.tsx', "import { Id } from '#protocol/ids'"],
])('what is no raw colour passes in %s: %s', (path, content) => {
  expect(findForbiddenText(`src/web/${path}`, content)).toEqual([])
})

test('a silenced rule needs its reason', () => {
  const directive = ['eslint', 'disable-next-line no-console'].join('-')
  expect(findForbiddenText('src/server/a.ts', `// ${directive}`)).toHaveLength(1)
  expect(findForbiddenText('src/server/a.ts', `// ${directive} -- the banner is for people`)).toEqual([])
})
