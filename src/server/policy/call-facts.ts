import { hasHiddenCharacter } from '#protocol/hidden-characters'
import type { ProjectId, ProviderId, SessionId, UserId } from '#protocol/ids'
import type { PermissionMode } from '#protocol/providers'
import { canonicalHash } from '../platform/canonical-json.ts'
import type { ApprovalAsk } from '../providers/provider.ts'
import { type CallDomain, domainsOf, mentionedHosts } from './call-domains.ts'
import { type CallPath, lookUp, type Place, placeOf } from './call-paths.ts'
import { isFolderRemote, isInOtherRepository } from './repository-place.ts'
import { type PossibleCommands, possibleCommands } from './shell/possible-commands.ts'
import { type NamedPaths, namedPaths } from './shell/possible-paths.ts'
import { readingOf } from './shell/read-only-programs.ts'
import { remoteOf } from './shell/risky-git.ts'
import { programName, runnerKind } from './shell/runners.ts'
import type { SimpleCommand } from './shell/simple-command.ts'
import { type Understood, understandCommandLine } from './shell/simple-commands.ts'

/** On whose behalf and where a call is made: from the session, never from the call. */
export interface CallContext {
  userId: UserId
  projectId: ProjectId
  sessionId: SessionId | null
  provider: ProviderId
  mode: PermissionMode
  /** When the mode `bypassPermissions` ends. */
  modeUntil?: string | null
  cwd: string
  /** Whether the person trusts the project's own settings and hooks. */
  trusted: boolean
  /** The product's own data folder. */
  dataDirectory: string
}

/** A part of a call that must be allowed for the call to be: one simple command of a line, or the call as such. */
export interface CallUnit {
  /** Of a simple command. */
  words: readonly string[] | null
  paths: readonly CallPath[]
  /** Whether it provably only reads, and only inside the project, and nothing secret. */
  onlyReads: boolean
  /** Why no pattern of a rule vouches for it whatever it names, as the end of a sentence; null where one may. */
  obstacle: string | null
}

/** Everything that rules look at, worked out once for a call. */
export interface CallFacts {
  ask: ApprovalAsk
  context: CallContext
  /** Of a command: what a shell would do with it, and all that it may run. */
  command: { text: string; understood: Understood; possible: () => PossibleCommands } | null
  units: readonly CallUnit[]
  /** The folder that a command runs in. */
  folder: CallPath | null
  /** Of all units, with the folder; of a line that cannot be understood those that it may touch. */
  paths: readonly CallPath[]
  domains: readonly CallDomain[]
  /** Every site that may be meant. */
  hosts: () => ReadonlySet<string>
  hasHidden: boolean
  /** Whether every unit only reads. */
  onlyReads: boolean
  /** SHA-256 of the canonical JSON of tool, input but for what does not matter, and working directory. */
  callHash: string
}

export async function factsOf(ask: ApprovalAsk, context: CallContext): Promise<CallFacts> {
  const place = await placeOf(context.cwd, ask.cwd ?? context.cwd, context.dataDirectory)
  const command = commandOf(ask)
  const folder = command === null ? null : await lookUp('.', 'read', place)
  const units = await unitsOf({ ask, context, place, command, folder })
  const paths = [...(folder === null ? [] : [folder]), ...units.flatMap((unit) => unit.paths)]
  const hasHidden = hasHiddenCharacter([command?.text ?? '', ...paths.map(({ given }) => given)].join(''))
  return {
    ask,
    context,
    command,
    units,
    folder,
    paths,
    domains: domainsOf(ask),
    hosts: lazily(() => mentionedHosts(ask)),
    hasHidden,
    onlyReads: !hasHidden && units.every(({ onlyReads }) => onlyReads),
    callHash: callHashOf(ask, context),
  }
}

interface UnitQuestion {
  ask: ApprovalAsk
  context: CallContext
  place: Place
  command: CallFacts['command']
  folder: CallPath | null
}

async function unitsOf(question: UnitQuestion): Promise<CallUnit[]> {
  const { ask, place, command } = question
  if (command?.understood.kind === 'simple') return commandUnits(question, command.understood.commands)
  const possible = command?.possible() ?? { reads: [], writes: [] }
  const paths = await look(place, [
    { access: 'read', paths: [...(ask.reads ?? []), ...possible.reads] },
    { access: 'write', paths: [...ask.writes, ...possible.writes] },
  ])
  const onlyReads = ask.onlyReads === true && ask.approvalKind !== 'command' && areHarmless(paths)
  return [{ words: null, paths, onlyReads, obstacle: null }]
}

async function commandUnits({ context, place, folder }: UnitQuestion, commands: readonly SimpleCommand[]): Promise<CallUnit[]> {
  const isForeign = await isForeignRepository(commands, folder, place)
  const around = folder === null ? [] : [folder]
  return Promise.all(
    commands.map(async ({ words }) => {
      const paths = await look(place, [namedPaths(words)])
      const obstacle = folderObstacle(words, context.trusted, isForeign) ?? (await remoteObstacle(words, place))
      const reading = readingOf(words)
      const mayRead = reading !== null && (!reading.needsTrust || obstacle === null)
      return { words, paths, onlyReads: mayRead && areHarmless([...around, ...paths]), obstacle }
    }),
  )
}

function look(place: Place, named: readonly NamedPaths[]): Promise<CallPath[]> {
  return Promise.all(named.flatMap(({ access, paths }) => paths.map((path) => lookUp(path, access, place))))
}

function areHarmless(paths: readonly CallPath[]): boolean {
  return paths.every(({ access, isInside, fault }) => access === 'read' && isInside && fault === null)
}

/** Whether git would obey a repository that lies inside the project. */
async function isForeignRepository(commands: readonly SimpleCommand[], folder: CallPath | null, { root }: Place): Promise<boolean> {
  if (!commands.some(({ words }) => words[0] === 'git')) return false
  const real = folder?.real ?? null
  return real === null || root === null || isInOtherRepository(real, root)
}

/** A program that obeys settings of the folder runs what whoever wrote them likes. */
function folderObstacle(words: readonly string[], trusted: boolean, isForeign: boolean): string | null {
  const name = programName(words[0] ?? '')
  if (name === 'git' && isForeign) return 'git would obey a repository inside the project, whose settings nobody looked at'
  const obeys = name === 'git' || runnerKind(name) !== null
  return obeys && !trusted ? `"${name}" obeys settings of the folder, and this project is not trusted` : null
}

async function remoteObstacle(words: readonly string[], { cwd }: Place): Promise<string | null> {
  const remote = remoteOf(words)
  return remote !== null && (await isFolderRemote(remote, cwd)) ? 'git may take the remote for a folder, whose hooks it would run' : null
}

/**
 * Fields of a command call that change neither what runs nor where: the agent's words about it, and for how long it may
 * run, which agents choose anew each time. Of any other tool every field counts.
 */
const INCIDENTAL_FIELDS = new Set(['description', 'timeout'])

function callHashOf({ approvalKind, toolName, toolInput, cwd }: ApprovalAsk, context: CallContext): string {
  const essential = Object.entries(toolInput).filter(([field]) => approvalKind !== 'command' || !INCIDENTAL_FIELDS.has(field))
  return canonicalHash({ tool: toolName, input: Object.fromEntries(essential), cwd: cwd ?? context.cwd })
}

function commandOf(ask: ApprovalAsk): CallFacts['command'] {
  const { command } = ask.toolInput
  if (ask.approvalKind !== 'command' || typeof command !== 'string') return null
  return { text: command, understood: understandCall(ask, command), possible: lazily(() => possibleCommands(command)) }
}

function understandCall({ toolName, toolInput }: ApprovalAsk, command: string): Understood {
  if (/powershell|pwsh|cmd/i.test(toolName)) return { kind: 'unknown', why: 'is for another kind of shell' }
  const other = Object.keys(toolInput).find((field) => field !== 'command' && !INCIDENTAL_FIELDS.has(field))
  return other === undefined ? understandCommandLine(command) : { kind: 'unknown', why: `is to run with "${other}"` }
}

/** Worked out when it is first asked for. */
function lazily<T>(workOut: () => T): () => T {
  let known: { value: T } | null = null
  return () => {
    known ??= { value: workOut() }
    return known.value
  }
}
