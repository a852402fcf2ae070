/** The database's name in a backup, wherever it lies. */
export const DATABASE_IN_BACKUP = 'ai-code-ui.db'

/** Relative, with nothing that leads out of the folder that it is unpacked into, on any system. */
const PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^\\/\p{Cc}]+(?:\/[^\\/\p{Cc}]+)*$/u
/** What belongs to a running server, and what is half-written. */
const LEFT_OUT = /^(?:server\.lock|server\.json|backups(?:\/.*)?|.*\.lock|.*\.new|.*-(?:wal|shm|journal)|\.restore-incomplete(?:\/.*)?)$/

/** Whether a file of the data folder is left to the server that works on it. */
export function isOfServerAlone(path: string): boolean {
  return LEFT_OUT.test(path)
}

/** Whether a path can stand in a backup: what is not packed is not unpacked either. */
export function canStandInBackup(path: string): boolean {
  return PATH.test(path) && !LEFT_OUT.test(path)
}
