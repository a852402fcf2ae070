import { cpus, loadavg, totalmem } from 'node:os'

/** One line of the report. */
export interface Figure {
  name: string
  /** What was measured, in words, with its unit. */
  measured: string
  /** The figure to reach, in words. */
  target: string
  /** Null where it could not be measured here; `measured` says why. */
  isReached: boolean | null
  /** What it was compared with, and how. */
  remark: string
}

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** The value below which `percent` of them lie, interpolated. NaN for none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const position = ((sorted.length - 1) * percent) / 100
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) return Number.NaN
  return below + (above - below) * (position % 1)
}

/** `12.3 ms [11.8 to 14.0]`: the median and what it lies between. */
export function spread(values: readonly number[], unit: string): string {
  const digits = Math.abs(median(values)) < 100 ? 1 : 0
  const show = (value: number) => value.toFixed(digits)
  return `${show(median(values))} ${unit} [${show(Math.min(...values))} to ${show(Math.max(...values))}]`
}

/** The report as a Markdown table under a line that describes the machine. */
export function report(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, measured, target, isReached, remark }) => {
    const verdict = isReached === null ? 'not measured' : isReached ? 'pass' : '**miss**'
    return `| ${[name, measured, target, verdict, remark].join(' | ')} |`
  })
  return [machine(), '', '| figure | measured | target | verdict | remark |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')
}

function machine(): string {
  const all = cpus()
  const memory = (totalmem() / 2 ** 30).toFixed(1)
  const system = `${process.platform} ${process.arch}, Node ${process.versions.node}`
  // The bench alone makes a load of about two; much more means that others had a share of the figures.
  const load = loadavg()[1]?.toFixed(1) ?? 'unknown'
  return `${all[0]?.model.trim() ?? 'unknown processor'}, ${all.length} cores, ${memory} GiB, ${system}, load of the last 5 minutes ${load}`
}
