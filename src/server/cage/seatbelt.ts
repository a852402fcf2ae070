import type { CageContents, CagedCommand } from './cage.ts'

/** macOS's own. */
export const SANDBOX_EXEC = '/usr/bin/sandbox-exec'

/** A command under a profile of macOS's sandbox that keeps it from the secrets and from signalling what is outside. */
export function seatbeltCommand(contents: CageContents, { command, args }: CagedCommand): CagedCommand {
  return { command: SANDBOX_EXEC, args: ['-p', seatbeltProfile(contents), command, ...args] }
}

/** The profile's text (SBPL); a later rule wins over an earlier one. */
export function seatbeltProfile({ hiddenFolder, hiddenFiles, readOnly }: CageContents): string {
  return [
    '(version 1)',
    '(allow default)',
    ...readOnly.map((path) => `(deny file-write* (subpath ${quoted(path)}))`),
    ...hiddenFiles.map((path) => `(deny file* (literal ${quoted(path)}))`),
    `(deny file* (subpath ${quoted(hiddenFolder)}))`,
    '(deny signal)',
    '(allow signal (target same-sandbox))',
    '(deny mach-priv-task-port)',
    '(deny process-info* (target others))',
  ].join('\n')
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
