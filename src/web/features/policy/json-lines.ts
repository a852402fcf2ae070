/** Where the parts of a JSON text are. */
export interface JsonLines {
  /** Lines, from 1, by the path of what begins there: `rules.0.match`; the whole is the empty path. */
  lines: ReadonlyMap<string, number>
  /** The line of the first thing that is no JSON; null where all of it is. */
  mistake: number | null
}

/** Strings, brackets, commas and colons, other values; a quote by itself is a string without an end. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+|"/g

const DEEPEST = 100

/** Finds the line of every part, and of the first mistake, which browsers name each in their own way or not at all. */
export function linesOf(text: string): JsonLines {
  const reader = new Reader(text)
  try {
    reader.readValue('', 0)
    return { lines: reader.lines, mistake: reader.peek() === undefined ? null : reader.line() }
  } catch (error) {
    if (error instanceof Mistake) return { lines: reader.lines, mistake: error.line }
    throw error
  }
}

class Mistake extends Error {
  readonly line: number

  constructor(line: number) {
    super(`Line ${line} is no JSON.`)
    this.line = line
  }
}

class Reader {
  readonly lines = new Map<string, number>()
  readonly #tokens: { text: string; line: number }[]
  #at = 0

  constructor(text: string) {
    let line = 1
    let from = 0
    this.#tokens = [...text.matchAll(TOKEN)].map((match) => {
      line += text.slice(from, match.index).split('\n').length - 1
      from = match.index
      return { text: match[0], line }
    })
  }

  peek(): string | undefined {
    return this.#tokens[this.#at]?.text
  }

  /** Of the next token; of the last one where there is none. */
  line(): number {
    return (this.#tokens[this.#at] ?? this.#tokens.at(-1))?.line ?? 1
  }

  readValue(path: string, depth: number): void {
    if (depth > DEEPEST) throw new Mistake(this.line())
    if (!this.lines.has(path)) this.lines.set(path, this.line())
    if (this.#skip('{')) this.#readList('}', () => this.#readMember(path, depth))
    else if (this.#skip('[')) this.#readList(']', (index) => this.readValue(below(path, String(index)), depth + 1))
    else this.#readScalar()
  }

  #readMember(path: string, depth: number): void {
    const line = this.line()
    const name = this.#readScalar()
    if (typeof name !== 'string') throw new Mistake(line)
    const place = below(path, name)
    this.lines.set(place, line)
    this.#expect(':')
    this.readValue(place, depth + 1)
  }

  #readList(end: string, readItem: (index: number) => void): void {
    if (this.#skip(end)) return
    for (let index = 0; ; index++) {
      readItem(index)
      if (this.#skip(end)) return
      this.#expect(',')
    }
  }

  #readScalar(): unknown {
    try {
      const value: unknown = JSON.parse(this.peek() ?? '')
      this.#at += 1
      return value
    } catch {
      throw new Mistake(this.line())
    }
  }

  #skip(token: string): boolean {
    const isNext = this.peek() === token
    if (isNext) this.#at += 1
    return isNext
  }

  #expect(token: string): void {
    if (!this.#skip(token)) throw new Mistake(this.line())
  }
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
