import { chmodSync, lstatSync, readdirSync, type Stats, statfsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UnusableDataError } from './unusable-data-error.ts'

/** More than any installation has; beyond it the rest is left to doctor. */
const MOST_ENTRIES = 20_000
const GROUP_AND_OTHERS = 0o077
/** `f_type` of statfs(2) for file systems over a network, on which SQLite's locks cannot be relied on. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB 2'],
  [0x517b, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x01021997, '9P'],
])

/** Something about a data folder that is not as it should be. */
export interface DataFolderFinding {
  kind: 'mode' | 'owner' | 'link' | 'above' | 'network'
  path: string
  /** `repaired`: it was too wide and is narrow now; `warn`: somebody should look; `refuse`: not safe to work on. */
  result: 'repaired' | 'warn' | 'refuse'
  /** What is wrong and what to do, as a sentence. */
  sentence: string
}

/** The data folder cannot be made safe. */
export class DataFolderUnsafeError extends UnusableDataError {
  constructor(findings: readonly DataFolderFinding[]) {
    super(findings.map(({ sentence }) => sentence).join('\n'))
  }
}

export interface CheckOptions {
  /** Whether to narrow what is too wide; without it that is told as `warn`. */
  repair: boolean
  /** The user that the server runs as; null where there are no users. This process's unless said. */
  uid?: number | null
}

/**
 * Looks at the data folder and everything in it: folders 0700 and files 0600, of the user that runs this, no links, on a
 * local disk, in folders that others cannot change. ASVS 13.2.2.
 * @param directory an existing folder; a link to one is followed, and its target is what counts
 * @returns nothing where all is well
 * @throws Error of node:fs when the folder itself cannot be read
 */
export function checkDataFolder(directory: string, { repair, uid = ownUid() }: CheckOptions): DataFolderFinding[] {
  const findings: DataFolderFinding[] = []
  const note = (kind: DataFolderFinding['kind'], path: string, result: DataFolderFinding['result'], sentence: string) => {
    findings.push({ kind, path, result, sentence })
  }
  const look: Look = { repair, uid, note }
  lookAtEntry(directory, statSync(directory), look)
  // What cannot be listed cannot be looked at; the sentence about its owner or mode says why.
  if (!findings.some(({ result }) => result === 'refuse')) for (const path of entriesBelow(directory)) lookAt(path, look)
  lookAbove(directory, note)
  const network = networkFileSystem(statfsSync(directory).type)
  if (network !== undefined)
    note(
      'network',
      directory,
      'warn',
      `The data folder ${directory} lies on ${network}, where the locks of the database cannot be relied on. Move it to a local disk.`,
    )
  return findings
}

/** The name of a file system over a network by its `f_type`; undefined for every other. */
export function networkFileSystem(type: number): string | undefined {
  return NETWORK_FILE_SYSTEMS.get(type)
}

type Note = (kind: DataFolderFinding['kind'], path: string, result: DataFolderFinding['result'], sentence: string) => void

interface Look {
  repair: boolean
  uid: number | null
  note: Note
}

function ownUid(): number | null {
  return process.getuid?.() ?? null
}

/**
 * {@link checkDataFolder} before anything is opened.
 * @returns what was repaired or is to be warned of
 * @throws DataFolderUnsafeError
 */
export function secureDataFolder(directory: string, uid = ownUid()): DataFolderFinding[] {
  const findings = checkDataFolder(directory, { repair: true, uid })
  const refused = findings.filter(({ result }) => result === 'refuse')
  if (refused.length > 0) throw new DataFolderUnsafeError(refused)
  return findings
}

function lookAt(path: string, look: Look): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  // Gone meanwhile, as temporary files go.
  if (stats === undefined) return
  if (stats.isSymbolicLink()) lookAtLink(path, stats, look)
  else lookAtEntry(path, stats, look)
}

/** A chmod would go through it, so it is left alone. Nobody else can have made it, or it is refused. */
function lookAtLink(path: string, stats: Stats, look: Look): void {
  if (isForeign(stats, look))
    look.note('link', path, 'refuse', `${path} is a link that belongs to user ${String(stats.uid)}. Look where it leads and remove it.`)
  else look.note('link', path, 'warn', `${path} is a link; what it leads to is not checked. Put the file itself in its place.`)
}

function lookAtEntry(path: string, stats: Stats, look: Look): void {
  if (isForeign(stats, look))
    look.note(
      'owner',
      path,
      look.uid === 0 || stats.uid === 0 ? 'warn' : 'refuse',
      `${path} belongs to user ${String(stats.uid)}, and this runs as user ${String(look.uid)}. Give it to that user: chown -R ${String(look.uid)} ${path}`,
    )
  if ((stats.mode & GROUP_AND_OTHERS) === 0) return
  const mode = (stats.mode & 0o777).toString(8)
  const wanted = stats.isDirectory() ? 0o700 : 0o600
  if (!look.repair)
    look.note('mode', path, 'warn', `${path} has mode ${mode}, so others may read it. Run: chmod ${wanted.toString(8)} ${path}`)
  else if (narrow(path, wanted))
    look.note('mode', path, 'repaired', `${path} had mode ${mode} and has ${wanted.toString(8)} now; others may have read it before.`)
  else
    look.note(
      'mode',
      path,
      'refuse',
      `${path} has mode ${mode}, so others may read it, and it cannot be narrowed. Run as its owner: chmod ${wanted.toString(8)} ${path}; on a file system without modes choose another DATA_DIR.`,
    )
}

/** @returns false where it cannot be done, also on file systems that take it and do nothing */
function narrow(path: string, mode: number): boolean {
  try {
    chmodSync(path, mode)
  } catch {
    return false
  }
  return (statSync(path).mode & GROUP_AND_OTHERS) === 0
}

function isForeign({ uid }: Stats, look: Look): boolean {
  return look.uid !== null && uid !== look.uid
}

/** Everything below a folder, links not followed; folders before what is in them, so that they are narrow when they are listed. */
function* entriesBelow(directory: string): Generator<string> {
  const folders = [directory]
  let left = MOST_ENTRIES
  for (let folder = folders.shift(); folder !== undefined && left > 0; folder = folders.shift()) {
    for (const entry of list(folder)) {
      // Made by the file system at the root of a disk.
      if (entry.name === 'lost+found') continue
      const path = join(folder, entry.name)
      yield path
      left -= 1
      if (entry.isDirectory()) folders.push(path)
    }
  }
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    // Another owner's, which is told; or gone meanwhile.
    return []
  }
}

/** Whoever may write to a folder above can put another one in the place of the data folder. */
function lookAbove(directory: string, note: Note): void {
  for (let path = dirname(resolve(directory)); ; path = dirname(path)) {
    const { mode } = statSync(path)
    const isSticky = (mode & 0o1000) !== 0
    if ((mode & 0o022) !== 0 && !isSticky)
      note(
        'above',
        path,
        'warn',
        `${path} has mode ${(mode & 0o7777).toString(8)}: whoever writes to it can put another folder in the place of the data folder. Run: chmod go-w ${path}`,
      )
    if (path === dirname(path)) return
  }
}
