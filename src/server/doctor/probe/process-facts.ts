import { readFile, readlink } from 'node:fs/promises'
import type { ProcessFacts } from '../installation.ts'
import { runTool } from './run-tool.ts'

/** A process as `/proc` tells of it, or ps(1) where there is none; null where it is gone. */
export async function processFacts(pid: number): Promise<ProcessFacts | null> {
  const folder = `/proc/${String(pid)}`
  const [status, limits, command, environment, workingDirectory] = await Promise.all([
    readOrNull(`${folder}/status`),
    readOrNull(`${folder}/limits`),
    readOrNull(`${folder}/cmdline`),
    readOrNull(`${folder}/environ`),
    readlink(`${folder}/cwd`).catch(() => null),
  ])
  if (status === null) return factsByPs(pid)
  return {
    pid,
    uid: numberIn(/^Uid:\s+(\d+)/m.exec(status)),
    umask: octalIn(/^Umask:\s+([0-7]+)/m.exec(status)),
    coreLimit: limitIn(/^Max core file size\s+(\S+)/m.exec(limits ?? '')),
    command: (command ?? '').split('\0').filter((word) => word !== ''),
    workingDirectory,
    environment: environment === null ? null : variablesIn(environment),
  }
}

/** Of another system than Linux: its user and its command, whose words are taken to hold no spaces. */
async function factsByPs(pid: number): Promise<ProcessFacts | null> {
  const line = (await runTool('ps', ['-o', 'uid=,command=', '-p', String(pid)]))?.trim() ?? ''
  const [uid = '', ...command] = line.split(/\s+/)
  const unknown = { umask: null, coreLimit: null, workingDirectory: null, environment: null }
  return uid === '' ? null : { pid, uid: Number(uid), command, ...unknown }
}

/** This process. What the kernel does not tell, Node does. */
export async function ownProcessFacts(): Promise<ProcessFacts> {
  const known = await processFacts(process.pid)
  return {
    pid: process.pid,
    uid: process.getuid?.() ?? null,
    umask: known?.umask ?? null,
    coreLimit: known?.coreLimit ?? null,
    command: [process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    workingDirectory: process.cwd(),
    environment: known?.environment ?? {},
  }
}

function variablesIn(environ: string): Record<string, string> {
  const pairs = environ.split('\0').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)]] : []
  })
  return Object.fromEntries(pairs)
}

function numberIn(match: RegExpExecArray | null): number | null {
  return match?.[1] === undefined ? null : Number(match[1])
}

function octalIn(match: RegExpExecArray | null): number | null {
  return match?.[1] === undefined ? null : Number.parseInt(match[1], 8)
}

function limitIn(match: RegExpExecArray | null): number | null {
  if (match?.[1] === undefined) return null
  return match[1] === 'unlimited' ? Infinity : Number(match[1])
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    // Gone, of another user, or another system.
    return null
  }
}
