/** Which options a program may be given, in the words of getopt. What is not in it makes a call one that is asked. */
export interface OptionGrammar {
  /** Short options without a value, as letters. They may stand together: `-la`. */
  flags?: string
  /** Short options with a value: `-n5` or `-n 5`. */
  valued?: string
  /** Long options without a value, written out; abbreviations are not understood. */
  long?: readonly string[]
  /** Long options with a value: `--name=value`, or `--name value`. */
  longValued?: readonly string[]
  /** Whether `-5` is a count, as for head and git log. */
  isNumberOption?: boolean
}

/** The words that are no options, and the values of options. */
export interface ReadOptions {
  operands: string[]
  values: { option: string; value: string }[]
}

/**
 * Splits arguments (the program's name aside) by a grammar. Null where an option is not in it, or a value is missing.
 * Options may stand between operands, as GNU programs take them; after `--` there are operands only.
 */
export function readOptions(words: readonly string[], grammar: OptionGrammar): ReadOptions | null {
  const operands: string[] = []
  const values: ReadOptions['values'] = []
  const ahead = [...words]
  for (let word = ahead.shift(); word !== undefined; word = ahead.shift()) {
    if (word === '--') return { operands: [...operands, ...ahead], values }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word)
      continue
    }
    const read = word.startsWith('--') ? longOption(word, ahead, grammar) : shortOptions(word, ahead, grammar)
    if (read === null) return null
    values.push(...read)
  }
  return { operands, values }
}

function longOption(word: string, ahead: string[], { long = [], longValued = [] }: OptionGrammar): ReadOptions['values'] | null {
  const [name = '', ...rest] = word.slice(2).split('=')
  if (rest.length === 0 && long.includes(name)) return []
  if (!longValued.includes(name)) return null
  const value = rest.length > 0 ? rest.join('=') : ahead.shift()
  return value === undefined ? null : [{ option: `--${name}`, value }]
}

function shortOptions(
  word: string,
  ahead: string[],
  { flags = '', valued = '', isNumberOption = false }: OptionGrammar,
): ReadOptions['values'] | null {
  if (isNumberOption && /^-\d+$/.test(word)) return []
  for (let at = 1; at < word.length; at += 1) {
    const letter = word.charAt(at)
    if (!flags.includes(letter)) return valued.includes(letter) ? valueOf(letter, word.slice(at + 1), ahead) : null
  }
  return []
}

/** The rest of the word is the value, or else the next word. */
function valueOf(letter: string, attached: string, ahead: string[]): ReadOptions['values'] | null {
  const value = attached === '' ? ahead.shift() : attached
  return value === undefined ? null : [{ option: `-${letter}`, value }]
}

/** Words of a table, written as one text. */
export function list(words: string): string[] {
  return words.split(' ')
}
