import type * as sdkModule from '@anthropic-ai/claude-agent-sdk'
import { accessSync, constants, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as z from 'zod/mini'
import { AgentUnavailableError } from '../provider-errors.ts'

/** The one function of the optional package that we use. */
export type ClaudeSdk = Pick<typeof sdkModule, 'query'>

export interface ClaudeInstallation {
  /** The version of Claude Code; null where only the program itself could tell. */
  version: string | null
  /** What is missing and how to get it; null when it can run. */
  lacks: string | null
}

const PACKAGE = '@anthropic-ai/claude-agent-sdk'
const INSTALL = `Install it beside AI Code UI with "npm install ${PACKAGE}" and restart the server.`
const PackageFile = z.object({ version: z.optional(z.string()), claudeCodeVersion: z.optional(z.string()) })
const require = createRequire(import.meta.url)

/** Looks for the package and the program without starting anything. */
export function findClaude(cliPath: string | undefined): ClaudeInstallation {
  const sdkPath = resolveOrNull(require, PACKAGE)
  if (sdkPath === null) return { version: null, lacks: `The Claude Agent SDK is not installed. ${INSTALL}` }
  if (cliPath !== undefined) {
    const lacks = isExecutable(cliPath)
      ? null
      : `CLAUDE_CLI_PATH names ${cliPath}, which is not a program that can be run. Correct it or remove it.`
    return { version: null, lacks }
  }
  if (!hasBundledProgram(sdkPath)) {
    const where = `${process.platform}-${process.arch}`
    return {
      version: null,
      lacks: `The Claude Code program for ${where} is not installed, as happens with "npm install --omit=optional". ${INSTALL} Or set CLAUDE_CLI_PATH to a Claude Code that is on this machine.`,
    }
  }
  return { version: versionOf(sdkPath), lacks: null }
}

/**
 * Loads the optional package.
 * @throws AgentUnavailableError when it is not installed
 */
export async function loadClaudeSdk(): Promise<ClaudeSdk> {
  try {
    return await import('@anthropic-ai/claude-agent-sdk')
  } catch (cause) {
    throw new AgentUnavailableError(`The Claude Agent SDK cannot be loaded. ${INSTALL}`, cause)
  }
}

function hasBundledProgram(sdkPath: string): boolean {
  const fromSdk = createRequire(sdkPath)
  const name = process.platform === 'win32' ? 'claude.exe' : 'claude'
  const suffixes = process.platform === 'linux' ? ['', '-musl'] : ['']
  return suffixes.some((suffix) => {
    const folder = resolveOrNull(fromSdk, `${PACKAGE}-${process.platform}-${process.arch}${suffix}/package.json`)
    return folder !== null && isExecutable(join(dirname(folder), name))
  })
}

function versionOf(sdkPath: string): string | null {
  const parsed = PackageFile.safeParse(JSON.parse(readFileSync(join(dirname(sdkPath), 'package.json'), 'utf8')))
  return parsed.success ? (parsed.data.claudeCodeVersion ?? parsed.data.version ?? null) : null
}

function resolveOrNull(from: NodeJS.Require, specifier: string): string | null {
  try {
    return from.resolve(specifier)
  } catch {
    // Not installed: the caller says so.
    return null
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Missing or not executable: the caller says so.
    return false
  }
}
