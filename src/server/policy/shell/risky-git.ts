import { list, type OptionGrammar, readOptions } from './option-grammar.ts'
import { gitReading } from './read-only-git-find.ts'

/*
 * What no wildcard rule covers of git. Anything before the verb, such as -c, -C or --exec-path, can name a program, and
 * so can most verbs; the few below cannot, unless by an option.
 */

const PLAIN_VERBS = new Set('add branch checkout commit fetch push reset restore rm stash switch tag mv'.split(' '))
/** Verbs that only look: then the options must be known ones, since `--output` writes and `--ext-diff` runs. */
const LOOKING_VERBS = new Set('status log show diff shortlog rev-parse ls-files blame describe'.split(' '))
/** Long options that name a program, open an editor, write or read a file that one names, or overwrite what others have. */
const RISKY_LONG =
  'exec upload-pack receive-pack edit edit-description interactive output template file pathspec-from-file sign gpg-sign local-user reedit-message config ext-diff textconv force delete mirror prune hard merge keep repo refmap update-head-ok discard-changes verify no-verify show-signature recurse-submodules'.split(
    ' ',
  )
const RISKY_SHORT: Readonly<Record<string, string>> = {
  add: 'ei',
  branch: 'dDfMC',
  checkout: 'fB',
  commit: 'eciFtSn',
  fetch: 'fu',
  mv: 'f',
  push: 'fd',
  rm: 'f',
  switch: 'fC',
  tag: 'sueFdfv',
}
/** The options of the verbs that name a remote: only who knows which take a value knows which word the remote is. */
const REMOTE_VERBS: ReadonlyMap<string, OptionGrammar> = new Map<string, OptionGrammar>([
  [
    'push',
    {
      flags: 'qvnu46',
      valued: 'o',
      long: list('all branches tags follow-tags atomic dry-run porcelain quiet verbose progress no-progress set-upstream ipv4 ipv6'),
      longValued: list('push-option'),
    },
  ],
  [
    'fetch',
    {
      flags: 'qvant46',
      valued: 'jo',
      long: list('all append atomic dry-run porcelain quiet verbose progress no-progress tags no-tags unshallow ipv4 ipv6'),
      longValued: list('depth deepen shallow-since shallow-exclude jobs filter server-option'),
    },
  ],
])
const LOSING_STASH = new Set(['drop', 'clear'])

/** Why a wildcard rule must not cover a call of git; null where it may. */
export function gitRisk(words: readonly string[]): string | null {
  const [, verb = '', ...rest] = words
  if (LOOKING_VERBS.has(verb)) return gitReading(words) === null ? 'has a git option that is not known to be harmless' : null
  if (!PLAIN_VERBS.has(verb)) return 'has a git option or verb that can run other programs'
  const end = rest.indexOf('--')
  const options = (end < 0 ? rest : rest.slice(0, end)).filter((word) => word.startsWith('-'))
  if (options.some((word) => (word.startsWith('--') ? isRiskyLong(word) : isRiskyShort(verb, word))))
    return 'has a git option that runs a program, names a file or throws something away'
  if (verb === 'stash' && rest.some((word) => LOSING_STASH.has(word))) return 'throws something away'
  return remoteRisk(words)
}

/** The remote that a call names; null for none, and where that cannot be told. */
export function remoteOf(words: readonly string[]): string | null {
  return operandsOf(words)?.[0] ?? null
}

/** A remote is named, never given as an address: that could be anybody's, or a helper's such as `ext::`. */
function remoteRisk(words: readonly string[]): string | null {
  if (!REMOTE_VERBS.has(words[1] ?? '')) return null
  const operands = operandsOf(words)
  if (operands === null) return 'has a git option that is not known to be harmless'
  const [remote = 'origin', ...refs] = operands
  const isElsewhere = !/^[\w-]+$/.test(remote) || refs.some((ref) => /^[+:]/.test(ref))
  return isElsewhere ? 'names a remote by its address or overwrites a branch' : null
}

function operandsOf([program, verb = '', ...rest]: readonly string[]): string[] | null {
  const grammar = program === 'git' ? REMOTE_VERBS.get(verb) : undefined
  return (grammar && readOptions(rest, grammar)?.operands) ?? null
}

/** Git takes any beginning of an option that is unambiguous. */
function isRiskyLong(word: string): boolean {
  const [name = ''] = word.slice(2).split('=')
  return RISKY_LONG.some((risky) => risky.startsWith(name) || name.startsWith(risky))
}

/** Letters may stand together; what follows may be a value, but looking at it too costs a question at most. */
function isRiskyShort(verb: string, word: string): boolean {
  return (RISKY_SHORT[verb] ?? '').split(/(?=.)/).some((letter) => letter !== '' && word.slice(1).includes(letter))
}
