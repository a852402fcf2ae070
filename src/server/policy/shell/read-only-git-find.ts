import { list, type OptionGrammar, readOptions } from './option-grammar.ts'

/** What a command that only reads looks at. */
export interface ReadingCommand {
  /** Files and folders that it names; relative ones are relative to the working directory. */
  paths: string[]
  /** True for what obeys settings of the folder it runs in, as git does: only where the folder is trusted. */
  needsTrust: boolean
}

/** `git` by its verb; global options such as `-c`, `-C` and `--exec-path` come before the verb and are not taken. */
const GIT_LOG: OptionGrammar = {
  // Not `-L`, which names a file in its value.
  flags: 'pz',
  valued: 'nSG',
  isNumberOption: true,
  long: list(
    'pretty color unified oneline graph all decorate stat shortstat numstat name-only name-status patch no-patch reverse merges no-merges first-parent follow abbrev-commit cached staged no-color word-diff summary no-ext-diff no-textconv ignore-all-space raw',
  ),
  longValued: list('max-count author since until after before grep format pretty date color unified diff-filter skip decorate'),
}
const GIT_VERBS: ReadonlyMap<string, OptionGrammar> = new Map<string, OptionGrammar>([
  [
    'status',
    {
      flags: 'sbvzu',
      long: list('short branch long verbose show-stash ahead-behind porcelain untracked-files ignored'),
      longValued: list('porcelain untracked-files ignored'),
    },
  ],
  ['log', GIT_LOG],
  ['show', GIT_LOG],
  ['diff', GIT_LOG],
  ['shortlog', { flags: 'nse', long: list('numbered summary email') }],
  ['rev-parse', { long: list('abbrev-ref short show-toplevel is-inside-work-tree git-dir verify quiet symbolic-full-name') }],
  ['ls-files', { flags: 'cdmoskt', long: list('cached deleted modified others stage exclude-standard full-name') }],
  ['blame', { flags: 'ewsltfnM', valued: 'L', long: list('show-email show-name') }],
  ['describe', { long: list('tags all always dirty long'), longValued: list('abbrev match') }],
])

export function gitReading(words: readonly string[]): ReadingCommand | null {
  const [, verb = '', ...rest] = words
  const options = GIT_VERBS.get(verb)
  const read = options && readOptions(rest, options)
  // A pattern of paths, or one with git's own magic such as `:(icase).ENV`, may mean what no rule would let be read.
  if (read?.operands.some((word) => /^:|[*?[\]\\]/.test(word))) return null
  // Whether a word is a revision, a path, or a path in a revision only git can say, so each counts as all of them.
  return read ? { paths: read.operands.flatMap((word) => [word, word.slice(word.lastIndexOf(':') + 1)]), needsTrust: true } : null
}

const FIND_TESTS_WITH_VALUE = new Set(['-name', '-iname', '-path', '-ipath', '-type', '-maxdepth', '-mindepth', '-size', '-mtime', '-mmin'])
const FIND_TESTS = new Set([
  '-print',
  '-print0',
  '-prune',
  '-o',
  '-or',
  '-a',
  '-and',
  '-not',
  '-empty',
  '-readable',
  '-executable',
  '-xdev',
  '-depth',
])

/** Paths first, then tests; what runs, deletes or writes is not among them. */
export function findReading(words: readonly string[]): ReadingCommand | null {
  const rest = words.slice(1)
  const firstTest = rest.findIndex((word) => word.startsWith('-'))
  const paths = firstTest < 0 ? rest : rest.slice(0, firstTest)
  const tests = firstTest < 0 ? [] : rest.slice(firstTest)
  for (let test = tests.shift(); test !== undefined; test = tests.shift()) {
    if (FIND_TESTS.has(test)) continue
    if (!FIND_TESTS_WITH_VALUE.has(test) || tests.shift() === undefined) return null
  }
  return { paths, needsTrust: false }
}
