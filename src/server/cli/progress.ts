const STEP_BYTES = 64 * 1024 ** 2

/** A line each 64 MiB, so that who waits sees that it goes on. */
export function progress(tell: (line: string) => void, what: string): (bytes: number) => void {
  let told = 0
  return (bytes) => {
    if (bytes - told < STEP_BYTES) return
    told = bytes
    tell(`${what}: ${mebibytes(bytes)} ...`)
  }
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}
