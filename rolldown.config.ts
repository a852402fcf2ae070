import { defineConfig } from 'rolldown'

/** The server as a few files: a bundle starts several times faster than the modules it is made of. */
export default defineConfig({
  input: { main: 'src/server/main.ts' },
  platform: 'node',
  tsconfig: 'src/server/tsconfig.json',
  // Native code, and the agent's kit, which is proprietary, large and optional. pg and Redis drivers will join them.
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
