/**
 * Who may import whom. `scripts/check-layers.ts` runs it, and `test/tooling/layers.test.ts` shows that each wall holds.
 * Tests beside the code they test may use test/support and, since they join what they test without mocks, other features.
 */
const TEST_FILE = '[.]test[.]tsx?$'
const TYPE_ONLY = ['type-only']

/** Folders of src/server that are features: all but what every feature stands on and what joins them. */
const SERVER_FEATURE = '^src/server/(?!platform/|http/|cli/)([^/]+)/'
/** What joins the features and picks the adapters. */
const COMPOSITION = '^src/server/(app|main|cli/start-server)[.]ts$'
const SERVER_ROOT = '^src/server/[^/]+[.]ts$'

const wall = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

module.exports = {
  forbidden: [
    wall('no-cycles', 'Two files that need each other are one file, or hide a third.', {}, { circular: true }),
    wall('no-unresolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
    wall(
      'no-orphans',
      'A file that nothing imports and that imports nothing is dead.',
      { orphan: true, path: '^src/', pathNot: [TEST_FILE, '[.]d[.]ts$', '^src/server/main[.]ts$', '^src/web/main[.]tsx$'] },
      {},
    ),

    wall(
      'protocol-stands-alone',
      'The protocol is what both ends agree on: it knows neither of them, no Node and no React.',
      { path: '^src/protocol/', pathNot: TEST_FILE },
      { pathNot: ['^src/protocol/', '(^|/)node_modules/zod/'] },
    ),
    wall('web-knows-no-server', 'The browser reaches the server over the wire.', { path: '^src/web/' }, { path: '^src/server/' }),
    wall(
      'server-knows-no-web',
      'The server serves the built files and knows no component.',
      { path: '^src/server/' },
      { path: '^src/web/' },
    ),
    wall(
      'production-imports-no-test',
      'What ships does not depend on what tests it.',
      { path: '^(src|bin)/', pathNot: TEST_FILE },
      { path: ['^test/', TEST_FILE] },
    ),
    wall(
      'server-ships-its-dependencies',
      'The server runs with `npm ci --omit=dev`.',
      { path: '^src/server/', pathNot: TEST_FILE },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: TYPE_ONLY },
    ),

    wall(
      'platform-knows-no-one',
      'platform is the ground: it knows no transport, no feature and no composition.',
      { path: '^src/server/platform/', pathNot: TEST_FILE },
      { path: '^src/server/(?!platform/)[^/]+/' },
    ),
    wall(
      'http-knows-no-feature',
      'http knows transport alone; features hand it their routes.',
      { path: '^src/server/http/', pathNot: TEST_FILE },
      { path: '^src/server/(?!platform/|http/)[^/]+/' },
    ),
    wall(
      'features-are-strangers',
      'A feature declares the small interface it needs and app.ts passes it in. Importing a type is allowed.',
      { path: SERVER_FEATURE, pathNot: TEST_FILE },
      { path: SERVER_FEATURE, pathNot: '^src/server/$1/', dependencyTypesNot: TYPE_ONLY },
    ),
    wall(
      'demo-is-optional',
      'Nothing but the composition knows that there is a demo.',
      { path: '^src/', pathNot: [COMPOSITION, '^src/server/demo/', TEST_FILE] },
      { path: '^src/server/demo/' },
    ),
    wall(
      'adapters-are-strangers',
      'Words of one provider stay inside its folder; only the composition picks adapters.',
      { path: '^src/server/', pathNot: ['^src/server/providers/([^/]+)/', COMPOSITION, TEST_FILE] },
      { path: '^src/server/providers/[^/]+/' },
    ),
    wall(
      'adapters-know-no-other-adapter',
      'Words of one provider stay inside its folder.',
      { path: '^src/server/providers/([^/]+)/' },
      { path: '^src/server/providers/[^/]+/', pathNot: '^src/server/providers/$1/' },
    ),
    wall(
      'nothing-reaches-up',
      'Composition and configuration are handed down, never fetched. Their types may be named.',
      { path: '^src/server/[^/]+/', pathNot: ['^src/server/cli/', TEST_FILE] },
      { path: SERVER_ROOT, dependencyTypesNot: TYPE_ONLY },
    ),

    wall(
      'web-ground-knows-no-feature',
      'ui and lib know no feature and no screen.',
      { path: '^src/web/(ui|lib)/', pathNot: TEST_FILE },
      { path: '^src/web/(?!ui/|lib/|styles/)' },
    ),
    wall(
      'web-features-are-strangers',
      'A web feature knows ui and lib; screens in app bring features together. Importing a type is allowed.',
      { path: '^src/web/features/([^/]+)/' },
      { path: '^src/web/(features|app|sign-in)/', pathNot: '^src/web/features/$1/', dependencyTypesNot: TYPE_ONLY },
    ),
    wall(
      'sign-in-stays-small',
      'The sign-in page has its own entry and a budget of 60 KiB: no React and none of the app.',
      { path: '^src/web/sign-in/' },
      { path: ['^src/web/(app|features|ui)/', '(^|/)node_modules/(react|react-dom|@tanstack)/'] },
    ),
    wall(
      'app-knows-no-sign-in',
      'Two entries that share only lib and styles.',
      { path: '^src/web/', pathNot: ['^src/web/sign-in/', TEST_FILE] },
      { path: '^src/web/sign-in/' },
    ),
    wall('tests-support-tests', 'test/support helps tests; it holds none.', { path: '^test/support/' }, { path: TEST_FILE }),
  ],
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^dist(-docs)?/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css', '.svg'],
    },
  },
}
