import { knownOptions } from './read-only-programs.ts'
import { gitRisk } from './risky-git.ts'
import { programName, runnerKind } from './runners.ts'

/*
 * What no rule with a wildcard covers: programs that run other programs, and options that make harmless ones do so. A
 * rule for one exact call still may.
 */

/** Whole folders are copied or removed with the control files in them, and a backup's name is made from two harmless words. */
const RECURSIVE = /^(?:-[a-zA-Z]*[rRaTbS].*|--(?:r|a|n|t|b|su).*)$/
/** Options, abbreviated too, of programs without a grammar that run something or write somewhere. */
const OPTIONS: ReadonlyMap<string, RegExp> = new Map([
  ...['cp', 'mv', 'ln', 'rm', 'chmod', 'chown', 'chgrp'].map((name) => [name, RECURSIVE] as const),
  // Strips with a program that one names.
  ['install', /^(?:-[a-zA-Z]*[sbSTCD].*|--(?:s|b|n|t).*)$/],
  ['tree', /^(?:-.*[oR].*|--o.*|--f.*)$/],
  // Filters can print the environment and read other files.
  ['jq', /^(?:-[a-zA-Z]*[Lf].*|--l.*|--f.*|--raw.*|--sl.*|--args.*)$|\benv\b|\$ENV|\bimport\b|\binclude\b/],
  // Sorts and shows by programs, or writes.
  ['column', /^--?o/],
  ['iconv', /^-(?:o|-o)/],
  ['xxd', /^-(?:r|-r)/],
])

/** Why a wildcard rule must not cover this call; null where it may. */
export function whyTooBroad(words: readonly string[]): string | null {
  const [program = ''] = words
  const name = programName(program)
  if (runnerKind(name) !== null) return `"${name}" runs other programs`
  if (program !== name) return 'names a program by its path'
  if (name === 'git') return gitRisk(words)
  return hasUnknownOption(name, words) ? `has an option of "${name}" that is not known to be harmless` : null
}

function hasUnknownOption(name: string, words: readonly string[]): boolean {
  const risky = OPTIONS.get(name)
  return knownOptions(words) === false || (risky !== undefined && words.slice(1).some((word) => risky.test(word)))
}
