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

/** What only dialogs and screens of settings need, although their folders are those of the frame. */
const NOT_IN_FRAME =
  /[/]protocol[/](users|api-keys)[.]ts|[/]web[/]ui[/](dialog|field|rename-dialog)[.]|[/]icons[/](folder-git-2|key-round|link|share-2|user)[.]/

/** Files of `lib` and the protocol that the sign-in page uses too: never in a chunk that brings React. */
const ALSO_SIGN_IN = 'passkeys|password-strength|password-rules'

const FRAME = new RegExp(
  String.raw`/node_modules/(react|react-dom|scheduler|use-sync-external-store|wouter|regexparam|@tanstack|lucide-react)/|/src/(web/lib|protocol)/(?!${ALSO_SIGN_IN})|/src/web/ui/[^/]+$`,
)

/**
 * What is loaded together lies together: fewer, larger files compress better, and the sign-in page shares one small one
 * with the app. Without this the chat page is 4 KiB larger.
 */
const CHUNKS = [
  {
    name: 'shared',
    test: /[/](zod|src[/]web[/]styles)[/]|[/]src[/]web[/]lib[/](text|api-error|http-request|theme|auth-status|access-key|login-end|link-fragment)[.]ts|[/]src[/]protocol[/](auth|factors|errors|ids)[.]ts/,
    priority: 3,
  },
  {
    name: 'frame',
    test: (id: string) => FRAME.test(id) && !NOT_IN_FRAME.test(id),
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
