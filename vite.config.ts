import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'
import { precompress } from './scripts/precompress.ts'

const web = (path: string): string => fileURLToPath(new URL(`src/web/${path}`, import.meta.url))

/** Compresses once what is sent many times. Not while developing, where it would only take time. */
const precompressed: Plugin = {
  name: 'precompressed',
  apply: 'build',
  async writeBundle({ dir }) {
    if (dir !== undefined && !this.meta.watchMode) await precompress(dir)
  },
}

/** Shown later or elsewhere, although their folders are those of the conversation. */
const NOT_AT_FIRST = /highlighter|compute-diff|use-approvals|pending-approvals|deadline|new-session-screen|approval-inbox/

/** Files of `lib` and the protocol that the sign-in page uses too: never in a chunk that brings React. */
const ALSO_SIGN_IN = 'passkeys|password-|users'

/** The cards of requests: loaded soon after the conversation, or with the inbox. */
const CARDS =
  /[/]features[/]approvals[/](?!approval-dock|text-dock|use-focus-return|use-approvals|pending-approvals|deadline|approval-inbox)|[/]protocol[/]hidden-characters[.]/

const FRAME = new RegExp(
  String.raw`/node_modules/(react|react-dom|scheduler|use-sync-external-store|wouter|regexparam|@tanstack|lucide-react)/|/src/(web/lib|protocol)/(?!${ALSO_SIGN_IN})|/src/web/ui/[^/]+$`,
)

/** Dialogs and screens that nothing needs at first. What they alone import is loaded with them, such as their icons. */
const LATER =
  /[/]features[/](account|account-notices|api-keys|audit|onboarding|policy|projects|users)[/]|[/]ui[/](settings[/]|rename-dialog[.])|[/]app[/](account-dialog|rename-session-dialog)[.]/

/** In which no file imports itself, by whatever way round. */
const OURS = /[/]src[/]web[/]/

interface Modules {
  getModuleInfo(id: string): { importers: readonly string[] } | null
}

function isLater(id: string, modules: Modules): boolean {
  const importers = modules.getModuleInfo(id)?.importers ?? []
  return importers.length > 0 && importers.every((importer) => LATER.test(importer) || (OURS.test(importer) && isLater(importer, modules)))
}

/**
 * What is loaded together lies together: fewer, larger files compress better, and the sign-in page shares one small one
 * with the app. Without this the chat page is 4 KiB larger.
 */
const CHUNKS = [
  { name: 'cards', test: CARDS, priority: 4 },
  {
    name: 'shared',
    test: /[/](zod|src[/]web[/]styles)[/]|[/]src[/]web[/]lib[/](text|api-error|base-path|http-request|theme|auth-status|access-key|login-end|link-fragment|signed-in-marker|refresh-binding|random-text|just-tried)[.]ts|[/]src[/]protocol[/](auth|factors|errors|ids)[.]ts/,
    priority: 3,
  },
  {
    debugName: 'frame',
    name: (id: string, modules: Modules) => (isLater(id, modules) ? null : 'frame'),
    test: FRAME,
    priority: 2,
  },
  {
    name: 'conversation',
    test: (id: string) =>
      /[/]src[/]web[/](features[/](transcript|composer|approvals)|ui[/](markdown|diff|code)[/])|[/]node_modules[/](virtua|marked)[/]/.test(
        id,
      ) && !NOT_AT_FIRST.test(id),
    priority: 1,
  },
]

/** Two pages: the app (React) and the sign-in page (Preact, by the pragma at the top of its files). */
export default defineConfig({
  root: web('.'),
  // Files that are served as they are; their names carry no hash.
  publicDir: web('public'),
  // React's plugin would put React's runtime under the sign-in page.
  plugins: [react({ include: /[.]tsx$/, exclude: [/[/]node_modules[/]/, /[/]src[/]web[/]sign-in[/]/] }), precompressed],
  // Below whatever path the server is hosted: scripts and styles find each other by where they are, pages are written by the server.
  experimental: { renderBuiltUrl: (name, { hostType }) => (hostType === 'html' ? `/${name}` : { relative: true }) },
  build: {
    outDir: fileURLToPath(new URL('dist/web', import.meta.url)),
    emptyOutDir: true,
    manifest: true,
    target: 'es2024',
    sourcemap: false,
    // The content security policy allows no inline script and no data: script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The estimator's dictionaries, for who chooses a password; scripts/check-bundle-size.ts watches what all load.
    chunkSizeWarningLimit: 1300,
    rolldownOptions: {
      input: { app: web('index.html'), 'sign-in': web('sign-in.html') },
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: CHUNKS } },
    },
  },
})
