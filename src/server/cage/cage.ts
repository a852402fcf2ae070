/** A command as it is to be started. */
export interface CagedCommand {
  command: string
  args: string[]
}

/** What keeps the server's secrets from its own child processes. */
export type Isolation =
  /** They run as another user, who has no right to them. */
  | 'user'
  /** They run as the server's user, in namespaces in which the secrets and the server do not exist. */
  | 'cage'
  /** Nothing does: an agent could read the keys and approve itself. */
  | 'none'

/** How every child process that runs what others wrote (an agent, a terminal, a hook) is started. */
export interface Cage {
  readonly isolation: Isolation
  /** What holds, or what is missing and how to get it: sentences for the person who runs the server. */
  readonly explanation: string
  /** Whether a process that ends by a signal is reported as the exit code 128 + its number. */
  readonly hidesSignals: boolean
  /** The command that starts the given one inside. */
  wrap(command: CagedCommand): CagedCommand
  /** What the process's environment says of its user; empty where that is ours. */
  readonly environment: Readonly<Record<string, string>>
}

/** What a cage hides and protects. All paths are absolute and real. */
export interface CageContents {
  /** The data folder: an empty folder that takes no files stands in its place. */
  hiddenFolder: string
  /** Files with secrets outside of it: an empty one stands in their place. */
  hiddenFiles: readonly string[]
  /** What the server itself runs from: can be read and not written. */
  readOnly: readonly string[]
}

/** Starts commands as they are. */
export function noCage(explanation: string): Cage {
  return { isolation: 'none', explanation, hidesSignals: false, wrap: (command) => command, environment: {} }
}
