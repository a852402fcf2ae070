/** Which options a program may be given, in the words of getopt. What is not in it makes a call one that is asked. */
export interface OptionGrammar {
  /** Short options without a value, as letters. They may stand together: `-la`. */
  flags?: string
  /** Short options with a value: `-n5` or `-n 5`. */
  valued?: string
  /** Long options without a value, written out; abbreviations are not understood. */
  long?: readonly string[]
  /**
   * Long options with a value: `--name=value`. The form `--name value` is not understood: for an option whose value may
   * be left out, the next word would be an operand or an option of its own. Such an option stands in `long`, too.
   */
  longValued?: readonly string[]
  /** Whether `-5` is a count, as for head and git log. */
  isNumberOption?: boolean
}

/** The words that are no options, and the values of options. */
export interface ReadOptions {
  operands: string[]
  /** Short options without a value, as letters. */
  flags: string
  values: { option: string; value: string }[]
}

/**
 * Splits arguments (the program's name aside) by a grammar. Null where an option is not in it, or a value is missing.
 * Options may stand between operands, as GNU programs take them; after `--` there are operands only.
 */
export function readOptions(words: readonly string[], grammar: OptionGrammar): ReadOptions | null {
  const read: ReadOptions = { operands: [], flags: '', values: [] }
  const ahead = [...words]
  for (let word = ahead.shift(); word !== undefined; word = ahead.shift()) {
    if (word === '--') return { ...read, operands: [...read.operands, ...ahead] }
    if (!word.startsWith('-') || word === '-') read.operands.push(word)
    else if (!(word.startsWith('--') ? longOption(word, grammar, read) : shortOptions(word, ahead, grammar, read))) return null
  }
  return read
}

/** Adds an option to what was read; false where it is not in the grammar. */
function longOption(word: string, { long = [], longValued = [] }: OptionGrammar, { values }: ReadOptions): boolean {
  const [name = '', ...value] = word.slice(2).split('=')
  if (value.length === 0) return long.includes(name)
  if (!longValued.includes(name)) return false
  values.push({ option: `--${name}`, value: value.join('=') })
  return true
}

function shortOptions(
  word: string,
  ahead: string[],
  { flags = '', valued = '', isNumberOption = false }: OptionGrammar,
  read: ReadOptions,
): boolean {
  if (isNumberOption && /^-\d+$/.test(word)) return true
  for (let at = 1; at < word.length; at += 1) {
    const letter = word.charAt(at)
    if (!flags.includes(letter)) {
      const value = valued.includes(letter) ? valueOf(word.slice(at + 1), ahead) : undefined
      if (value !== undefined) read.values.push({ option: `-${letter}`, value })
      return value !== undefined
    }
    read.flags += letter
  }
  return true
}

/** The rest of the word is the value, or else the next word. */
function valueOf(attached: string, ahead: string[]): string | undefined {
  return attached === '' ? ahead.shift() : attached
}

/** Words of a table, written as one text. */
export function list(words: string): string[] {
  return words.split(' ')
}
