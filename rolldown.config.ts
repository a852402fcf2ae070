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

/**
 * Modules of Node that a start does not need, although libraries name them at the top of their files: TLS, HTTP/2 and
 * the like are loaded when something of theirs is used.
 */
const loadedOnDemand: Plugin = {
  name: 'loaded-on-demand',
  resolveId: {
    filter: { id: /^(node:)?(https|http2|tls|child_process|zlib)$/ },
    handler: (id) => `\0on-demand-${id.replace('node:', '')}.cjs`,
  },
  load: {
    filter: { id: /on-demand-\w+[.]cjs$/ },
    handler: (id) => {
      const name = /on-demand-(\w+)[.]cjs$/.exec(id)?.[1] ?? ''
      return {
        code: `module.exports = new Proxy({}, { get: (_, key) => process.getBuiltinModule('node:${name}')[key] })`,
        moduleType: 'js',
      }
    },
  },
}

/** Fastify's compilers for JSON schemas, which the server replaces (see http-server.ts). */
const withoutSchemaCompilers: Plugin = {
  name: 'without-schema-compilers',
  resolveId: { filter: { id: /^@fastify[/](ajv-compiler|fast-json-stringify-compiler)$/ }, handler: () => '\0no-compiler.cjs' },
  load: { filter: { id: /no-compiler[.]cjs$/ }, handler: () => ({ code: 'module.exports = {}', moduleType: 'js' }) },
}

/** The server as a few files: a bundle starts several times faster than the modules it is made of. */
export default defineConfig({
  // The second is the thread that computes with passwords: it stands beside the bundle that starts it.
  input: { main: 'src/server/main.ts', 'password-worker': 'src/server/auth/passwords/password-worker.ts' },
  platform: 'node',
  tsconfig: 'src/server/tsconfig.json',
  // Native code, large dictionaries, and the agent's kit, which is proprietary, large and optional. pg and Redis drivers will join them.
  plugins: [httpWithoutFetch, loadedOnDemand, withoutSchemaCompilers],
  external: [/^better-sqlite3-multiple-ciphers/, /^@node-rs[/]bcrypt/, /^@zxcvbn-ts[/]/, /^@anthropic-ai[/]claude-agent-sdk/],
  // Of what checks passkeys, signing in needs no more than a tenth; the rest is for making one.
  treeshake: { moduleSideEffects: [{ test: /[/]@simplewebauthn[/]server[/]/, sideEffects: false }] },
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
