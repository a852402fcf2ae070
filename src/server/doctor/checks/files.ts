import { join, resolve } from 'node:path'
import { type Check, fail, failIfAny, type Finding, notApplicable, pass, unseen, warn } from '../check.ts'
import type { Installation } from '../installation.ts'
import { shellWord } from '../place.ts'
import { foldersAbove, isOpenToOthers, modeText, type SeenFile, seeBelow, seeFile } from '../probe/file-modes.ts'

const narrow = ({ config: { dataDirectory } }: Installation) => ({
  text: 'Let the owner alone read it. The server does so at its start, for what it keeps itself.',
  command: `chmod -R u=rwX,go= ${shellWord(dataDirectory)}`,
})

export const FILE_CHECKS: readonly Check[] = [
  {
    id: 'files-data-folder',
    area: 'files',
    title: 'The data folder is for its owner alone',
    severity: 'critical',
    why: 'Whoever reads it has the keys, and with them everything else.',
    fix: narrow,
    references: { guide: ['before-4'], issue: ['storage-modes'], asvs: ['13.2.2'] },
    look: lookAtDataFolder,
  },
  {
    id: 'files-modes',
    area: 'files',
    title: 'Files in the data folder are for their owner alone',
    severity: 'high',
    why: 'A folder that is opened by mistake must not open what lies in it.',
    fix: narrow,
    references: { guide: ['before-4'], issue: ['storage-modes'], asvs: ['13.2.2'] },
    look: lookAtModes,
  },
  {
    id: 'files-keys',
    area: 'files',
    title: 'Key files are for their owner alone',
    severity: 'critical',
    why: 'Keys sign tokens, open the database and vouch for the audit log.',
    fix: ({ config: { dataDirectory } }) => ({
      text: 'Narrow the files, and rotate the keys: somebody may have read them.',
      command: `chmod -R u=rwX,go= ${shellWord(join(dataDirectory, 'keys'))}`,
    }),
    references: { guide: ['before-1', 'before-4'], issue: ['storage-modes', 'vault-keys'], asvs: ['13.3.2'] },
    look: lookAtKeys,
  },
  {
    id: 'files-database',
    area: 'files',
    title: 'The database file is for its owner alone',
    severity: 'high',
    why: 'Whoever can write it can damage it; whoever can read it can try keys on it for ever.',
    fix: ({ config: { databasePath } }) => ({ text: 'Narrow the file.', command: `chmod 600 ${shellWord(databasePath)}*` }),
    references: { guide: ['before-4'], issue: ['storage-modes'], asvs: ['13.2.2'] },
    look: lookAtDatabase,
  },
  {
    id: 'files-above',
    area: 'files',
    title: 'Nobody else can replace the data folder',
    severity: 'high',
    why: 'Who may write to a folder above can put another one in its place.',
    fix: ({ config: { dataDirectory } }) => ({
      text: 'Take the right to write to the folders above from others.',
      command: `chmod go-w ${foldersAbove(dataDirectory).slice(0, -1).map(shellWord).join(' ')}`,
    }),
    references: { guide: ['before-4'], asvs: ['13.2.2'] },
    look: lookAbove,
  },
  {
    id: 'files-settings',
    area: 'files',
    title: 'Files with settings and secrets are for their owner alone',
    severity: 'medium',
    why: 'config.json and .env may hold secrets, and whoever writes them decides how the server runs.',
    fix: ({ config: { dataDirectory, secretFiles, tlsKey } }) => ({
      text: 'Narrow the files; what is not there is of no matter.',
      command: `chmod 600 ${[join(dataDirectory, 'config.json'), '.env', ...secretFiles, ...(tlsKey === null ? [] : [tlsKey])].map(shellWord).join(' ')}`,
    }),
    references: { guide: ['before-4'], asvs: ['13.3.1'] },
    look: lookAtSettings,
  },
  {
    id: 'files-program',
    area: 'files',
    title: 'Nobody else can change the program',
    severity: 'high',
    why: 'Who changes the program runs as the server.',
    fix: ({ packageRoot }) => ({
      text: 'Take the right to write from others.',
      command: `chmod -R go-w ${shellWord(packageRoot)}`,
    }),
    references: { guide: ['before-4'], asvs: ['15.2.1'] },
    look: lookAtProgram,
  },
]

async function lookAtDataFolder({ config: { dataDirectory }, process: server }: Installation): Promise<Finding> {
  const seen = await seeFile(dataDirectory)
  if (seen === null) return notApplicable(`There is no ${dataDirectory} yet.`)
  const mode = modeText(seen.stats)
  if (seen.stats.isSymbolicLink()) return warn(`${dataDirectory} is a link; its target is what counts.`)
  if (isOpenToOthers(seen)) return fail(`${dataDirectory} has mode ${mode}.`)
  const owner = server?.uid ?? null
  if (owner !== null && owner !== seen.stats.uid)
    return fail(`${dataDirectory} belongs to user ${String(seen.stats.uid)}, and the server runs as ${String(owner)}.`)
  return pass(`${dataDirectory} has mode ${mode} and belongs to user ${String(seen.stats.uid)}.`)
}

async function lookAtModes({ config: { dataDirectory } }: Installation): Promise<Finding> {
  const { files, isWhole } = await seeBelow(dataDirectory)
  const inside = files.filter(({ path }) => path !== dataDirectory)
  const open = inside.filter(isOpenToOthers)
  if (open.length > 0) return failIfAny(open.map(described), '')
  const links = inside.filter(({ stats }) => stats.isSymbolicLink())
  if (links.length > 0) return warn(`There are links in the data folder, such as ${links[0]?.path ?? ''}.`)
  if (!isWhole) return warn(`The first ${String(files.length)} files are private; there are more than are looked at.`)
  return pass(`All ${String(inside.length)} files and folders in it are private.`)
}

async function lookAtKeys({ config: { dataDirectory } }: Installation): Promise<Finding> {
  const folder = join(dataDirectory, 'keys')
  if ((await seeFile(folder)) === null) return notApplicable('No key is kept in the data folder.')
  const { files } = await seeBelow(folder)
  const owners = new Set(files.map(({ stats }) => stats.uid))
  const wrong = files.filter(isOpenToOthers).map(described)
  if (owners.size > 1) wrong.push(`the files in ${folder} have more than one owner`)
  return failIfAny(wrong, `${folder} and the ${String(files.length - 1)} files in it are private, of one owner.`)
}

async function lookAtDatabase({ config: { databasePath } }: Installation): Promise<Finding> {
  const found = await Promise.all(['', '-wal', '-shm'].map((suffix) => seeFile(`${databasePath}${suffix}`)))
  const files = found.filter((file) => file !== null)
  if (files.length === 0) return notApplicable(`There is no ${databasePath} yet.`)
  return failIfAny(
    files.filter(isOpenToOthers).map(described),
    `${databasePath} has mode ${files[0] ? modeText(files[0].stats) : ''}, and so have the files beside it.`,
  )
}

async function lookAbove({ config: { dataDirectory } }: Installation): Promise<Finding> {
  const folders = await Promise.all(foldersAbove(dataDirectory).map(seeFile))
  const wrong = folders.filter((folder) => folder !== null).filter(({ stats }) => (stats.mode & 0o022) !== 0 && (stats.mode & 0o1000) === 0)
  return failIfAny(wrong.map(described), `Only their owners write to the ${String(folders.length)} folders above.`)
}

async function lookAtSettings({ config: { dataDirectory, secretFiles, tlsKey }, process: server }: Installation): Promise<Finding> {
  const own = [join(dataDirectory, 'config.json'), resolve(server?.workingDirectory ?? '.', '.env')]
  const paths = [...own, ...secretFiles, ...(tlsKey === null ? [] : [tlsKey])]
  const files = (await Promise.all(paths.map(seeFile))).filter((file) => file !== null)
  if (files.length === 0) return notApplicable('There is neither config.json nor .env, nor a file that holds a secret.')
  const open = files.filter(
    ({ path, stats }) => !stats.isSymbolicLink() && (stats.mode & (own.includes(path) ? 0o077 : forbiddenOutside(path))) !== 0,
  )
  return failIfAny(open.map(described), `${files.map(({ path }) => path).join(' and ')} are private.`)
}

/** A group may be made for a secret; what a container is given as one can be read by all inside, who are the server alone. */
function forbiddenOutside(path: string): number {
  return path.startsWith('/run/secrets/') ? 0o022 : 0o037
}

async function lookAtProgram({ packageRoot }: Installation): Promise<Finding> {
  const names = ['', 'package.json', 'bin', 'dist', 'dist/server', 'dist/web', 'node_modules', 'src']
  const found = await Promise.all(names.map((name) => seeFile(join(packageRoot, name))))
  const files = found.filter((file) => file !== null)
  if (files.length === 0) return unseen(`there is nothing at ${packageRoot}.`)
  const open = files.filter(({ stats }) => !stats.isSymbolicLink() && (stats.mode & 0o022) !== 0)
  return failIfAny(open.map(described), `${packageRoot} can be changed by its owner alone.`)
}

function described({ path, stats }: SeenFile): string {
  return `${path} has mode ${modeText(stats)}`
}
