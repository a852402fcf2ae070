import { isAbsolute, normalize, sep } from 'node:path'
import { hasHiddenCharacter } from '#protocol/hidden-characters'
import type { ProjectId, ProviderId, SessionId, UserId } from '#protocol/ids'
import type { PermissionMode } from '#protocol/providers'
import { canonicalHash } from '../platform/canonical-json.ts'
import { isWithin, resolveThroughLinks } from '../platform/safe-path.ts'
import type { ApprovalAsk } from '../providers/provider.ts'
import { controlFault, secretFault } from './protected-paths.ts'
import { type NamedPaths, namedPaths } from './shell/possible-paths.ts'
import { readingOf } from './shell/read-only-programs.ts'
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

/** A path that a call names, with where it really leads. */
export interface CallPath {
  access: 'read' | 'write'
  /** As the call names it, made absolute. */
  given: string
  /** Through links; null where that cannot be told. */
  real: string | null
  /** Whether it leads to inside the project. */
  isInside: boolean
  /** Segments of the real path, and of the given one made plain: what patterns are compared with. */
  realSegments: readonly string[] | null
  givenSegments: readonly string[]
  /** What is special about it, as the end of a sentence; null for an ordinary one. */
  fault: string | null
}

/** Everything that rules look at, worked out once for a call. */
export interface CallFacts {
  ask: ApprovalAsk
  context: CallContext
  /** Of a command: what a shell would do with it. */
  command: {
    text: string
    understood: Understood
    /** Words of a text that cannot be understood, roughly. */
    rough: ReadonlySet<string>
  } | null
  paths: CallPath[]
  domains: string[]
  hasHidden: boolean
  /** Whether the call provably only reads, and only inside the project, and nothing secret. */
  onlyReads: boolean
  /** SHA-256 of the canonical JSON of tool, input but for what does not matter, and working directory. */
  callHash: string
}

export async function factsOf(ask: ApprovalAsk, context: CallContext): Promise<CallFacts> {
  const command = commandOf(ask)
  const named = [
    ...pathsOfCommand(command),
    { access: 'read', paths: ask.reads ?? [] } as const,
    { access: 'write', paths: ask.writes } as const,
  ]
  const paths = await Promise.all(named.flatMap(({ access, paths }) => paths.map((path) => lookUp(path, access, ask, context))))
  const claimsToRead = command ? isReading(command.understood, context) : ask.onlyReads === true && ask.approvalKind !== 'command'
  const hasHidden = hasHiddenCharacter([command?.text ?? '', ...paths.map(({ given }) => given)].join(''))
  return {
    ask,
    context,
    command,
    paths,
    domains: domainsOf(ask),
    hasHidden,
    onlyReads: claimsToRead && !hasHidden && paths.every(({ access, isInside, fault }) => access === 'read' && isInside && fault === null),
    callHash: callHashOf(ask, context),
  }
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
  const other = Object.keys(ask.toolInput).find((field) => field !== 'command' && !INCIDENTAL_FIELDS.has(field))
  const understood: Understood =
    other === undefined ? understandCommandLine(command) : { kind: 'unknown', why: `is to run with "${other}"` }
  const rough = new Set(understood.kind === 'unknown' ? command.split(/[^\w./@+-]+/) : [])
  return { text: command, understood, rough }
}

/** The folder that a command line runs in, and all that its commands may touch. */
function pathsOfCommand(command: CallFacts['command']): NamedPaths[] {
  if (command?.understood.kind !== 'simple') return []
  return [{ access: 'read', paths: ['.'] }, ...command.understood.commands.map(({ words }) => namedPaths(words))]
}

/** Whether each command of a line is one that only reads. */
function isReading(understood: Understood, { trusted }: CallContext): boolean {
  if (understood.kind === 'unknown') return false
  const readings = understood.commands.map(({ words }) => readingOf(words))
  return readings.every((reading) => reading !== null && (trusted || !reading.needsTrust))
}

async function lookUp(name: string, access: CallPath['access'], ask: ApprovalAsk, { cwd, dataDirectory }: CallContext): Promise<CallPath> {
  // Not normalised: `link/..` is the parent of where the link leads.
  const given = isAbsolute(name) ? name : `${ask.cwd ?? cwd}/${name}`
  const path = { access, given, givenSegments: normalize(given).split(sep) }
  try {
    const [root, real] = await Promise.all([resolveThroughLinks(cwd), resolveThroughLinks(given)])
    const isOwn = isWithin(await resolveThroughLinks(dataDirectory), real)
    const fault = access === 'read' ? (secretFault(real) ?? secretFault(given)) : (controlFault(real) ?? controlFault(given))
    return {
      ...path,
      real,
      realSegments: real.split(sep),
      isInside: isWithin(root, real) && !isOwn,
      fault: isOwn ? 'is part of AI Code UI itself' : fault,
    }
  } catch {
    // What cannot be resolved cannot be vouched for.
    return { ...path, real: null, realSegments: null, isInside: false, fault: null }
  }
}

/** Hosts that a call names in a field for an address. */
function domainsOf({ toolInput }: ApprovalAsk): string[] {
  const { url } = toolInput
  const address = typeof url === 'string' ? URL.parse(url) : null
  return address === null ? [] : [address.hostname.replace(/\.$/, '').toLowerCase()]
}
