import { expect, test } from 'vitest'
import { firstLoadFiles } from '../../scripts/check-bundle-size.ts'

const manifest = {
  'index.html': { file: 'assets/app.js', css: ['assets/app.css'], imports: ['_react.js', '_lib.js'] },
  '_react.js': { file: 'assets/react.js' },
  '_lib.js': { file: 'assets/lib.js', css: ['assets/lib.css'], imports: ['_react.js'] },
  'app/editor.ts': { file: 'assets/editor.js' },
}

test('a page loads its entry, what that imports, and their styles, each once', () => {
  expect(firstLoadFiles(manifest, ['index.html']).sort()).toEqual([
    'assets/app.css',
    'assets/app.js',
    'assets/lib.css',
    'assets/lib.js',
    'assets/react.js',
  ])
})

test('a part that is loaded on demand counts for the page that names it', () => {
  expect(firstLoadFiles(manifest, ['index.html', 'app/editor.ts'])).toContain('assets/editor.js')
})

test('a page that the build does not have is an error, not an empty page', () => {
  expect(() => firstLoadFiles(manifest, ['chat.html'])).toThrow(/no part named chat.html/)
})
