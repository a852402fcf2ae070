import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cruiseLayers } from '../../scripts/check-layers.ts'
import { ROOT } from '../../scripts/run-command.ts'

/** One planted import each: the wall it breaks, who imports, and what. */
const BREACHES: [wall: string, from: string, imports: string][] = [
  ['no-cycles', 'src/server/platform/one.ts', './two.ts'],
  ['no-unresolvable', 'src/server/platform/three.ts', './missing.ts'],
  ['protocol-stands-alone', 'src/protocol/node.ts', 'node:fs'],
  ['protocol-stands-alone', 'src/protocol/react.ts', 'react'],
  ['protocol-stands-alone', 'src/protocol/server.ts', '../server/platform/two.ts'],
  ['web-knows-no-server', 'src/web/lib/server.ts', '../../server/platform/two.ts'],
  ['server-knows-no-web', 'src/server/http/web.ts', '../../web/lib/format.ts'],
  ['production-imports-no-test', 'src/server/projects/support.ts', '../../../test/support/fake.ts'],
  ['server-ships-its-dependencies', 'src/server/projects/dev.ts', 'react'],
  ['platform-knows-no-one', 'src/server/platform/http.ts', '../http/problem.ts'],
  ['http-knows-no-feature', 'src/server/http/feature.ts', '../projects/store.ts'],
  ['features-are-strangers', 'src/server/sessions/other.ts', '../projects/store.ts'],
  ['demo-is-optional', 'src/server/main-loop.ts', './demo/script.ts'],
  ['adapters-are-strangers', 'src/server/providers/registry.ts', './claude/adapter.ts'],
  ['adapters-know-no-other-adapter', 'src/server/providers/codex/adapter.ts', '../claude/adapter.ts'],
  ['nothing-reaches-up', 'src/server/projects/up.ts', '../app.ts'],
  ['web-ground-knows-no-feature', 'src/web/lib/feature.ts', '../features/composer/composer.ts'],
  ['web-features-are-strangers', 'src/web/features/approvals/card.ts', '../composer/composer.ts'],
  ['sign-in-stays-small', 'src/web/sign-in/react.ts', 'react-dom'],
  ['app-knows-no-sign-in', 'src/web/app/early.ts', '../sign-in/form.ts'],
  ['tests-support-tests', 'test/support/backwards.ts', '../integration/some.test.ts'],
]

/** What the breaches reach for, and imports that are allowed. */
const GROUND: Record<string, string> = {
  'src/protocol/ids.ts': "import * as z from 'zod/mini'\nexport const Id = z.string()",
  'src/server/platform/two.ts': "import './one.ts'",
  'src/server/http/problem.ts': "import '../platform/two.ts'\nimport '#protocol/ids'",
  'src/server/projects/store.ts': "import '../http/problem.ts'\nexport interface Store { a: 1 }",
  'src/server/providers/claude/adapter.ts': "import '../../platform/two.ts'\nimport '../provider.ts'",
  'src/server/providers/provider.ts': "import type { Store } from '../projects/store.ts'\nexport type Port = Store",
  'src/server/demo/script.ts': "import '../platform/two.ts'",
  'src/server/app.ts': "import './projects/store.ts'\nimport './providers/claude/adapter.ts'\nawait import('./demo/script.ts')",
  'src/server/app.test.ts': "import '../../test/support/fake.ts'\nimport './app.ts'",
  'src/web/lib/format.ts': "import '#protocol/ids'",
  'src/web/features/composer/composer.ts': "import '../../lib/format.ts'",
  'src/web/sign-in/form.ts': "import '../lib/format.ts'",
  'test/support/fake.ts': "import '../../src/server/app.ts'",
  'test/integration/some.test.ts': "import '../support/fake.ts'",
}

async function plant(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'layers-'))
  onTestFinished(() => rm(root, { recursive: true }))
  for (const name of ['package.json', 'tsconfig.base.json']) await cp(join(ROOT, name), join(root, name))
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), `${text}\n`)
  }
  return root
}

test('a breach of any wall is found, with the files that break it', async () => {
  const breaches = Object.fromEntries(BREACHES.map(([, from, imports]) => [from, `import '${imports}'`]))
  const orphan = { 'src/server/projects/alone.ts': 'export const alone = 1' }

  const { violations } = await cruiseLayers(await plant({ ...GROUND, ...breaches, ...orphan }), ['src', 'test'])

  const found = violations.map(({ rule, from }) => `${rule}: ${from}`)
  expect(found).toEqual(expect.arrayContaining(BREACHES.map(([wall, from]) => `${wall}: ${from}`)))
  expect(found).toContain('no-orphans: src/server/projects/alone.ts')
})

test('imports that the architecture allows are no breach', async () => {
  const { 'src/server/platform/two.ts': _cycle, ...allowed } = GROUND
  const { moduleCount, violations } = await cruiseLayers(await plant({ ...allowed, 'src/server/platform/two.ts': "import 'node:fs'" }), [
    'src',
    'test',
  ])

  expect(violations).toEqual([])
  expect(moduleCount).toBeGreaterThan(Object.keys(GROUND).length)
})
