/** Where a command writes: what was asked for, and what went wrong. A line each. */
export interface Output {
  print: (line: string) => void
  warn: (line: string) => void
}

export const standardOutput: Output = {
  print: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`${line}\n`),
}
