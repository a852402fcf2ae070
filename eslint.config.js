import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const TYPED = ['src/**/*.{ts,tsx}', 'test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts', '*.config.ts']
const TESTS = ['**/*.test.{ts,tsx}', 'test/**/*.ts']
const COMMAND_LINE = ['scripts/**', 'bench/**', 'bin/**', '*.config.{ts,js}', '.dependency-cruiser.cjs']

/** Syntax that is refused everywhere. `no-restricted-syntax` does not merge, hence one list. */
const refusedSyntax = [
  { selector: 'ExportAllDeclaration', message: 'Import the file that has the thing instead of passing it on.' },
  {
    selector:
      'CatchClause > BlockStatement[body.length=1] > ExpressionStatement[expression.callee.property.name=/^(trace|debug|info|warn|error|fatal)$/]',
    message: 'Catch only to translate or to clean up; a catch that only logs hides the failure.',
  },
]
const defaultExport = {
  selector: 'ExportDefaultDeclaration, ExportNamedDeclaration > ExportSpecifier[exported.name="default"]',
  message: 'Export by name, so that one thing has one name.',
}
const barrel = { selector: 'Program', message: 'No index files: import the file that has the thing.' }

/** How large anything may get. */
const limits = {
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 60 }],
  complexity: ['error', { max: 10 }],
  'max-depth': ['error', { max: 3 }],
  'max-params': ['error', { max: 4 }],
  'max-nested-callbacks': ['error', { max: 4 }],
}

/** Where the strict preset and the house style differ. */
const houseStyle = {
  '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true, 'ts-check': true }],
  '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidOperator: true, ignoreVoidReturningFunctions: true },
  ],
  '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions'] }],
  '@typescript-eslint/no-floating-promises': ['error', { checkThenables: false }],
  '@typescript-eslint/no-invalid-void-type': ['error', { allowInGenericTypeArguments: true }],
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
  '@typescript-eslint/no-unused-vars': ['error', { args: 'after-used', ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
  '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
  '@typescript-eslint/restrict-plus-operands': ['error', { allowNumberAndString: true }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { allowDefaultCaseForExhaustiveSwitch: true, considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
  ],
  // A method of an interface that promises may have nothing to wait for.
  '@typescript-eslint/require-await': 'off',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'error',
  // Names and paths with control characters are refused by such expressions.
  'no-control-regex': 'off',
  'no-empty': ['error', { allowEmptyCatch: false }],
  'no-restricted-syntax': ['error', ...refusedSyntax, defaultExport],
  'no-implicit-coercion': ['error', { boolean: true, number: true, string: true }],
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'prefer-template': 'error',
}

/** Types for `files` come from the TypeScript project that compiles them. */
function typesFrom(project, files, ignores = []) {
  return { files, ignores, languageOptions: { parserOptions: { project, tsconfigRootDir: import.meta.dirname } } }
}

export default defineConfig(
  { ignores: ['dist/**', 'dist-docs/**', 'node_modules/**', 'coverage/**', '.cache/**', 'bench/results/**', 'test-results/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  {
    files: ['**/*.{js,cjs}'],
    extends: [js.configs.recommended],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
      },
    },
    rules: { ...limits, 'no-restricted-syntax': ['error', ...refusedSyntax] },
  },
  {
    files: TYPED,
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    rules: { ...limits, ...houseStyle },
  },
  typesFrom('test/tsconfig.json', ['test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts', '*.config.ts', 'src/protocol/**/*.test.ts']),
  typesFrom('src/protocol/tsconfig.json', ['src/protocol/**/*.ts'], ['src/protocol/**/*.test.ts']),
  typesFrom('src/server/tsconfig.json', ['src/server/**/*.ts']),
  typesFrom('src/web/tsconfig.json', ['src/web/**/*.{ts,tsx}']),
  {
    files: ['src/web/**/*.{ts,tsx}'],
    ignores: ['src/web/sign-in/**'],
    extends: [reactHooks.configs.flat['recommended-latest']],
  },
  {
    // Preact: its hooks keep the rules of hooks, but React's compiler, whom the other rules are for, does not know them.
    files: ['src/web/sign-in/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    files: ['src/server/**/*.ts'],
    ignores: ['src/server/config*.ts', 'src/server/**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only src/server/config*.ts reads the environment; take what you need as a parameter.',
        },
      ],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'node:process', importNames: ['env'], message: 'Only src/server/config*.ts reads the environment.' }] },
      ],
    },
  },
  {
    // Where the outside world's loose types meet ours. Each assertion gives its reason in a comment.
    files: ['src/server/platform/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }] },
  },
  {
    files: TESTS,
    rules: {
      'max-lines-per-function': ['error', { max: 200 }],
      'max-nested-callbacks': 'off',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      // `expect.any()` and `expect.objectContaining()` are typed `any`.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  // Old Nodes read it far enough to find a new one.
  { files: ['bin/**/*.js', 'scripts/require-node.cjs'], languageOptions: { ecmaVersion: 2020 } },
  { files: COMMAND_LINE, rules: { 'no-console': 'off' } },
  // Declarations say how someone else's package exports.
  { files: ['*.config.{ts,js}', '**/*.d.ts'], rules: { 'no-restricted-syntax': ['error', ...refusedSyntax] } },
  { files: ['**/index.{ts,tsx}'], rules: { 'no-restricted-syntax': ['error', barrel] } },
)
