import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT, runQuietly, runVisibly } from './run-command.ts'

const DIST = join(ROOT, 'dist')
/** Written last, so that an interrupted build counts as none; dated when the build began, so that what changed meanwhile counts as newer. */
const STAMP = join(DIST, '.built')
/** What a build is made of. */
const SOURCES = [
  'src',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'rolldown.config.ts',
  'scripts/build.ts',
  'scripts/precompress.ts',
]

/** Builds the web pages and the server into dist/. @throws Error when a step fails */
export async function build(): Promise<void> {
  const startedAt = new Date()
  await mkdir(DIST, { recursive: true })
  await Promise.all(['.built', '.cache'].map((name) => rm(join(DIST, name), { recursive: true, force: true })))
  const production = { NODE_ENV: 'production' }
  await runVisibly(['vite', 'build', '--logLevel', 'warn'], production)
  await runQuietly(['rolldown', '--config', 'rolldown.config.ts'], production)
  await writeFile(STAMP, '')
  await utimes(STAMP, startedAt, startedAt)
  console.log(`Built dist/ in ${((Date.now() - startedAt.getTime()) / 1000).toFixed(1)} s.`)
}

/** Whether dist/ is there and newer than everything it is made of. */
export async function isBuilt(): Promise<boolean> {
  const stamp = await stat(STAMP).catch(() => null)
  return stamp !== null && stamp.mtimeMs >= (await newestChange())
}

/** Builds unless what is there is up to date. */
export async function ensureBuilt(): Promise<void> {
  if (!(await isBuilt())) await build()
}

/** When the newest source changed, in milliseconds; a folder changes when a file in it is removed. */
async function newestChange(): Promise<number> {
  const nested = await readdir(join(ROOT, 'src'), { recursive: true })
  const paths = [...SOURCES, ...nested.filter((path) => !path.includes('.test.')).map((path) => join('src', path))]
  const times = await Promise.all(paths.map((path) => stat(join(ROOT, path)).then(({ mtimeMs }) => mtimeMs)))
  return Math.max(...times)
}

if (import.meta.main) await build()
