import { execFile } from 'node:child_process'
import { ROOT } from '../run-command.ts'

/** The product as it runs for the scan. */
export interface Target {
  url: string
  /** As in `127.0.0.1:4242`. */
  host: string
  /** An access token of the owner. */
  token: string
  /** The OpenAPI document. */
  openapi: unknown
  /** For what scanners write; removed afterwards. */
  folder: string
}

/** `unanswered`: the scanner is not there or could not look, which is no pass. */
export type Outcome = 'pass' | 'fail' | 'unanswered'

export interface Result {
  outcome: Outcome
  /** One sentence. */
  summary: string
  /** What it found, a line each. */
  findings: string[]
}

export interface Scanner {
  name: string
  scan: (target: Target) => Promise<Result>
}

export interface Ran {
  /** Null where it did not end by itself: it is not there, or its time was over. */
  exitCode: number | null
  output: string
  isMissing: boolean
}

/** Runs a program, at most so many seconds. Never throws for what the program does. */
export function runBounded(command: readonly string[], seconds: number, cwd: string = ROOT): Promise<Ran> {
  const [name = '', ...parameters] = command
  return new Promise((resolve) => {
    execFile(
      name,
      parameters,
      { cwd, timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const isMissing = error !== null && 'code' in error && String(error.code) === 'ENOENT'
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : null
        resolve({ exitCode, output: stdout + stderr, isMissing })
      },
    ).stdin?.end()
  })
}

export function passIf(condition: boolean, summary: string, findings: string[] = []): Result {
  return { outcome: condition ? 'pass' : 'fail', summary, findings }
}

export function unanswered(summary: string): Result {
  return { outcome: 'unanswered', summary, findings: [] }
}

/** A program of Debian or another system's packages. */
export function notInstalled(program: string): Result {
  return unanswered(`${program} is not installed (on Debian: apt-get install ${program}).`)
}
