import { defineConfig } from 'rolldown'
import type { Plugin } from 'rolldown'

/**
 * An `import` of node:http asks for all that it exports, WebSocket among it, and so loads Node's whole fetch: a third of
 * the time until the server answers. Taken as an object it loads what is used.
 */
const httpWithoutFetch: Plugin = {
  name: 'http-without-fetch',
  resolveId: { filter: { id: /^node:http$/ }, handler: () => '\0node-http.cjs' },
  load: {
    filter: { id: /node-http[.]cjs$/ },
    handler: () => ({ code: "module.exports = process.getBuiltinModule('node:http')", moduleType: 'js' }),
  },
}

/** The server as a few files: a bundle starts several times faster than the modules it is made of. */
export default defineConfig({
  input: { main: 'src/server/main.ts' },
  platform: 'node',
  tsconfig: 'src/server/tsconfig.json',
  // Native code, and the agent's kit, which is proprietary, large and optional. pg and Redis drivers will join them.
  plugins: [httpWithoutFetch],
  external: [/^better-sqlite3-multiple-ciphers/, /^@node-rs[/]bcrypt/, /^@anthropic-ai[/]claude-agent-sdk/],
  transform: { define: { 'process.env.NODE_ENV': '"production"' }, target: 'node24' },
  output: {
    dir: 'dist/server',
    format: 'esm',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    minify: { compress: true, mangle: false, codegen: false },
  },
})
