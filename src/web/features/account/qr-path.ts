/** The dark modules as one SVG path, each run of a row as one rectangle; one module is one unit. */
export function qrPath(modules: readonly (readonly boolean[])[]): string {
  return modules
    .map((row, y) =>
      darkRuns(row)
        .map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`)
        .join(''),
    )
    .join('')
}

/** Where each run of dark modules begins, and how long it is. */
function darkRuns(row: readonly boolean[]): [start: number, length: number][] {
  const runs: [start: number, length: number][] = []
  row.forEach((isDark, x) => {
    const last = runs.at(-1)
    if (!isDark) return
    if (last !== undefined && last[0] + last[1] === x) last[1] += 1
    else runs.push([x, 1])
  })
  return runs
}
