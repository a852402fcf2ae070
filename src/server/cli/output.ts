/** Where a command writes: what was asked for, and what went wrong. A line each. */
export interface Output {
  print: (line: string) => void
  warn: (line: string) => void
}

export const standardOutput: Output = {
  print: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`${line}\n`),
}

/** Writes to standard output and waits until it has room, so that a slow reader holds back who writes. */
export function writeFully(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}
