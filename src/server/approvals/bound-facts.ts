import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, type FileHandle, open, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, relative, resolve } from 'node:path'
import type { BoundFacts } from '#protocol/approvals'
import { possibleFolders } from '../platform/possible-folders.ts'
import { isWithin, resolveThroughLinks } from '../platform/safe-path.ts'
import type { ApprovalAsk } from '../providers/provider.ts'

const MAX_FILES = 20
const MAX_PROGRAMS = 20
const MAX_BYTES = 5 * 1024 * 1024
const MAX_WORDS = 500
/** Words that may name the folder in which others begin. */
const MAX_NAMES = 50
/** Looked at side by side, so that the waits for the disk overlap. */
const AT_ONCE = 16
const ABSENT = 'absent'

export interface BoundQuestion {
  ask: ApprovalAsk
  /** The project's folder. */
  root: string
  /** The words of each command that provably runs; null where that cannot be told. */
  commands: readonly (readonly string[])[] | null
  /** The agent's `PATH`. */
  searchPath: string
}

/**
 * What a decision holds for besides the input: where the call runs, which programs its words name, which variables it
 * sets, and how the files that it names are now. Reads at most 20 files of at most 5 MiB, and never waits for one.
 */
export async function boundFactsOf({ ask, root, commands, searchPath }: BoundQuestion): Promise<BoundFacts> {
  const cwd = ask.cwd ?? root
  const words = commands?.flat() ?? looseWords(ask)
  const [place, programs, files] = await Promise.all([
    identityOf(cwd),
    programsOf(commands ?? [], cwd, searchPath),
    filesOf({ writes: ask.writes, words, cwd, root }),
  ])
  return { cwd: { path: cwd, identity: place }, programs, environment: namesSet(ask, words), files }
}

/** What is not any more as it was shown, as the beginning of a sentence; null where all is. */
export async function changeSince(bound: BoundFacts): Promise<string | null> {
  const changes = await Promise.all([
    identityOf(bound.cwd.path).then((now) => (now === bound.cwd.identity ? null : `The working directory "${bound.cwd.path}"`)),
    ...bound.programs.map(async ({ path, identity }) => ((await identityOf(path)) === identity ? null : `The program "${path}"`)),
    ...bound.files.map(async ({ path, content }) =>
      (await contentOf(path)) === content ? null : `The file "${relative(bound.cwd.path, path)}"`,
    ),
  ])
  return changes.find((change) => change !== null) ?? null
}

/** Real path and number of a file or folder, so that a link or another one in its place is noticed. */
async function identityOf(path: string): Promise<string> {
  try {
    const real = await resolveThroughLinks(path)
    const { dev, ino } = await stat(real, { bigint: true })
    return `${real} ${String(dev)}:${String(ino)}`
  } catch {
    return ABSENT
  }
}

/** A command that nobody can read for sure still names files: every run of characters that could be a path. */
function looseWords({ approvalKind, toolInput: { command } }: ApprovalAsk): string[] {
  if (approvalKind !== 'command' || typeof command !== 'string') return []
  return (command.match(/[^\s'"`;|&<>(){}$\\]+/g) ?? []).slice(0, MAX_WORDS)
}

async function programsOf(commands: readonly (readonly string[])[], cwd: string, searchPath: string): Promise<BoundFacts['programs']> {
  const names = [...new Set(commands.flatMap(([name]) => name ?? []))].slice(0, MAX_PROGRAMS)
  const found = await Promise.all(names.map(async (name) => ({ name, path: await findProgram(name, cwd, searchPath) })))
  return Promise.all(
    found.flatMap(({ name, path }) => (path === null ? [] : identityOf(path).then((identity) => ({ name, path, identity })))),
  )
}

/** What a shell would run under this name; null for its own commands and for none. */
async function findProgram(name: string, cwd: string, searchPath: string): Promise<string | null> {
  if (name.includes('/')) return programAt(resolve(cwd, name))
  const paths = searchPath
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name))
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    const found = await Promise.all(paths.slice(from, from + AT_ONCE).map(programAt))
    const first = found.find((path) => path !== null)
    if (first !== undefined) return first
  }
  return null
}

async function programAt(path: string): Promise<string | null> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile() ? path : null
  } catch {
    return null
  }
}

/** Names alone: their values are part of the input that is shown. */
function namesSet({ toolInput: { env } }: ApprovalAsk, words: readonly string[]): string[] {
  const inWords = words.flatMap((word) => /^([A-Za-z_]\w*)\+?=/.exec(word)?.[1] ?? [])
  const inInput = typeof env === 'object' && env !== null ? Object.keys(env) : []
  return [...new Set([...inWords, ...inInput])].slice(0, MAX_FILES)
}

interface NamedFiles {
  writes: readonly string[]
  words: readonly string[]
  cwd: string
  root: string
}

async function filesOf({ writes, words, cwd, root }: NamedFiles): Promise<BoundFacts['files']> {
  const written = new Set(writes.map((path) => resolve(cwd, path)))
  // `--config=build.js` names a file, too.
  const named = [...new Set(words.slice(0, MAX_WORDS).flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]))]
  const folders = await possibleFolders(cwd, named.slice(0, MAX_NAMES))
  const candidates = [...new Set(folders.flatMap((folder) => named.map((word) => resolve(folder, word))))]
  const paths = [
    ...written,
    ...(await filesInside(
      candidates.filter((path) => !written.has(path)),
      root,
      MAX_FILES - written.size,
    )),
  ]
  return Promise.all(paths.slice(0, MAX_FILES).map(async (path) => ({ path, content: await contentOf(path) })))
}

/** The first so many that are files inside the project. */
async function filesInside(candidates: readonly string[], root: string, atMost: number): Promise<string[]> {
  const realRoot = await resolveThroughLinks(root).catch(() => null)
  const found: string[] = []
  if (realRoot === null) return found
  for (let from = 0; from < candidates.length && found.length < atMost; from += AT_ONCE) {
    const some = candidates.slice(from, from + AT_ONCE)
    const areInside = await Promise.all(some.map((path) => isFileInside(path, realRoot)))
    found.push(...some.filter((_, index) => areInside[index]))
  }
  return found.slice(0, Math.max(0, atMost))
}

async function isFileInside(path: string, realRoot: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile() && isWithin(realRoot, await resolveThroughLinks(path))
  } catch {
    return false
  }
}

/** SHA-256 of a file; of one that is no plain file or too large to read, what its entry says; `absent` for none. */
async function contentOf(path: string): Promise<string> {
  // Non-blocking: opening a FIFO must not wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null)
  if (!file) return ABSENT
  try {
    const { size, mtimeNs, ino, mode } = await file.stat({ bigint: true })
    const isPlain = (Number(mode) & constants.S_IFMT) === constants.S_IFREG
    return isPlain && size <= MAX_BYTES ? await hashOf(file) : `entry ${String(ino)} ${String(size)} ${String(mtimeNs)}`
  } catch {
    return ABSENT
  } finally {
    await file.close()
  }
}

async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.alloc(64 * 1024)
  // Not beyond the limit, should the file grow meanwhile.
  for (let read = 0; read <= MAX_BYTES; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, read)
    if (bytesRead === 0) break
    hash.update(buffer.subarray(0, bytesRead))
    read += bytesRead
  }
  return hash.digest('hex')
}
