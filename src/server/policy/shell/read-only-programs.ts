import { list, type OptionGrammar, type ReadOptions, readOptions } from './option-grammar.ts'
import { findReading, gitReading, type ReadingCommand } from './read-only-git-find.ts'

interface ReadingProgram {
  options: OptionGrammar
  /** What the operands are. Null: this call is not vouched for. */
  paths: (read: ReadOptions) => string[] | null
}

const everyOperand = ({ operands }: ReadOptions) => operands
const noPaths = () => []
const noOperands = ({ operands }: ReadOptions) => (operands.length === 0 ? [] : null)
const atMost =
  (count: number) =>
  ({ operands }: ReadOptions) =>
    operands.length <= count ? operands : null

/** A pattern comes first unless `-e` gave it. */
const afterPattern = ({ operands, values }: ReadOptions) =>
  values.some(({ option }) => option === '-e' || option === '--regexp') ? operands : operands.slice(1)

/**
 * A search through a folder would also print the secrets that lie in it, and `-R` follows links out of it, so only the
 * files that are named are vouched for.
 */
const unlessRecursive = (read: ReadOptions) => (/[rR]/.test(read.flags) ? null : afterPattern(read))

const GREP_OPTIONS: OptionGrammar = {
  flags: 'abcEFGHhiILlnoqRrsvwxyZz',
  valued: 'ABCem',
  long: list(
    'extended-regexp fixed-strings basic-regexp ignore-case invert-match word-regexp line-regexp count color ' +
      'files-with-matches files-without-match only-matching quiet silent no-messages line-number with-filename no-filename',
  ),
  longValued: list('regexp max-count after-context before-context context include exclude exclude-dir color'),
}

/**
 * Programs that read and print, with the options that keep them so. Left out on purpose: what writes (`sort -o`,
 * `tree -o`), runs something (`rg --pre`, `find -exec`), never ends (`tail -f`) or reads a list of files from a file.
 */
const PROGRAMS: ReadonlyMap<string, ReadingProgram> = new Map<string, ReadingProgram>([
  ['pwd', { options: { flags: 'LP' }, paths: noOperands }],
  ['true', { options: {}, paths: noOperands }],
  ['false', { options: {}, paths: noOperands }],
  ['whoami', { options: {}, paths: noOperands }],
  ['echo', { options: { flags: 'neE' }, paths: noPaths }],
  ['uname', { options: { flags: 'asnrvmpio', long: list('all') }, paths: noOperands }],
  [
    'date',
    { options: { flags: 'uR', long: list('utc') }, paths: ({ operands }) => (operands.every((word) => word.startsWith('+')) ? [] : null) },
  ],
  ['basename', { options: { flags: 'az', valued: 's' }, paths: noPaths }],
  ['dirname', { options: { flags: 'z' }, paths: noPaths }],
  [
    'ls',
    {
      options: {
        flags: 'aAbBcCdfFgGhiklmnNopqQrRsStuUvxX1',
        long: list('all almost-all recursive human-readable reverse directory size inode group-directories-first color'),
        longValued: list('color sort time time-style format ignore hide indicator-style'),
      },
      paths: everyOperand,
    },
  ],
  [
    'cat',
    {
      options: { flags: 'AbeEnstTuv', long: list('number number-nonblank show-all show-ends show-tabs squeeze-blank') },
      paths: everyOperand,
    },
  ],
  [
    'head',
    {
      options: { flags: 'qvz', valued: 'nc', long: list('quiet silent verbose'), longValued: list('lines bytes'), isNumberOption: true },
      paths: everyOperand,
    },
  ],
  [
    'tail',
    {
      options: { flags: 'qvz', valued: 'nc', long: list('quiet silent verbose'), longValued: list('lines bytes'), isNumberOption: true },
      paths: everyOperand,
    },
  ],
  ['wc', { options: { flags: 'clmLw', long: list('bytes chars lines words max-line-length') }, paths: everyOperand }],
  ['nl', { options: { flags: 'p', valued: 'bhfnwvis' }, paths: everyOperand }],
  [
    'cut',
    {
      options: {
        flags: 'nsz',
        valued: 'bcdf',
        long: list('complement only-delimited'),
        longValued: list('bytes characters delimiter fields output-delimiter'),
      },
      paths: everyOperand,
    },
  ],
  ['tr', { options: { flags: 'cCdst', long: list('complement delete squeeze-repeats truncate-set1') }, paths: noPaths }],
  [
    'sort',
    {
      options: {
        flags: 'bdfghimMnrRsuVz',
        valued: 'kt',
        long: list('ignore-case numeric-sort reverse unique stable version-sort human-numeric-sort'),
        longValued: list('key field-separator'),
      },
      paths: everyOperand,
    },
  ],
  // A second operand is a file that uniq writes.
  ['uniq', { options: { flags: 'cdDiuz', valued: 'fsw', long: list('count repeated unique ignore-case') }, paths: atMost(1) }],
  ['rev', { options: {}, paths: everyOperand }],
  ['tac', { options: {}, paths: everyOperand }],
  ['comm', { options: { flags: '123' }, paths: everyOperand }],
  ['cmp', { options: { flags: 'bls' }, paths: everyOperand }],
  [
    'diff',
    {
      options: {
        flags: 'abBcdeEiqstTuwy',
        valued: 'UCWx',
        long: list('brief unified context side-by-side ignore-all-space ignore-case'),
        longValued: list('unified context exclude width'),
      },
      // Two folders are compared file by file, with secrets and links in them.
      paths: () => null,
    },
  ],
  ['stat', { options: { flags: 'Lft', valued: 'c', longValued: list('format printf') }, paths: everyOperand }],
  ['file', { options: { flags: 'bihk', long: list('brief mime mime-type mime-encoding') }, paths: everyOperand }],
  [
    'du',
    {
      options: {
        flags: 'abchklmsSx',
        valued: 'dt',
        long: list('all summarize human-readable total apparent-size'),
        longValued: list('max-depth exclude'),
      },
      paths: everyOperand,
    },
  ],
  ['df', { options: { flags: 'ahHiklPT', long: list('all human-readable inodes print-type') }, paths: everyOperand }],
  ['realpath', { options: { flags: 'emqsz', longValued: list('relative-to relative-base') }, paths: everyOperand }],
  ['readlink', { options: { flags: 'femnqsvz' }, paths: everyOperand }],
  ['md5sum', { options: { flags: 'bt' }, paths: everyOperand }],
  ['sha1sum', { options: { flags: 'bt' }, paths: everyOperand }],
  ['sha256sum', { options: { flags: 'bt' }, paths: everyOperand }],
  ['grep', { options: GREP_OPTIONS, paths: unlessRecursive }],
  ['egrep', { options: GREP_OPTIONS, paths: unlessRecursive }],
  ['fgrep', { options: GREP_OPTIONS, paths: unlessRecursive }],
  [
    'rg',
    {
      options: {
        flags: 'abcFHiIlnNopqsSUvwx0',
        valued: 'ABCegtTm',
        long: list(
          'files count files-with-matches fixed-strings ignore-case smart-case line-number no-heading heading json multiline only-matching quiet stats word-regexp',
        ),
        longValued: list('after-context before-context context regexp glob type type-not max-count max-depth color colors sort sortr'),
      },
      paths: () => null,
    },
  ],
])

/** Whether options of this program are known, and all of this call's are: then it only reads, though perhaps too much. */
export function knownOptions(words: readonly string[]): boolean | null {
  const [name = '', ...rest] = words
  if (name === 'find') return findReading(words) !== null
  const program = PROGRAMS.get(name)
  return program ? readOptions(rest, program.options) !== null : null
}

/** What a command reads, where it provably only reads; null where that is not known. */
export function readingOf(words: readonly string[]): ReadingCommand | null {
  const [name = '', ...rest] = words
  if (name === 'git') return gitReading(words)
  if (name === 'find') return findReading(words)
  const program = PROGRAMS.get(name)
  const read = program ? readOptions(rest, program.options) : null
  const paths = program && read ? program.paths(read) : null
  return paths === null ? null : { paths: [...paths], needsTrust: false }
}
