const ESCAPE = String.fromCharCode(27)
const BELL = String.fromCharCode(7)
/** Colours, cursor moves and titles that programs write for a terminal. */
const TERMINAL_SEQUENCE = new RegExp(`${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)|[@-Z\\\\-_])`, 'g')

/** Output as a terminal would leave it behind: no colours, and of a line that was written over the last state. */
export function plainOutput(output: string): string {
  return output
    .replaceAll(TERMINAL_SEQUENCE, '')
    .replaceAll('\r\n', '\n')
    .replace(/^.*\r(?=[^\n])/gm, '')
    .replaceAll('\r', '')
    .trimEnd()
}
