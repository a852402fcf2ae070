import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCommandCases } from '../../src/server/policy/shell/command-cases.ts'
import { understandCommandLine } from '../../src/server/policy/shell/simple-commands.ts'

/*
 * What the reader of command lines calls simple is given to the real bash, which must run those simple commands word for
 * word, and nothing else. No program is really run: with an empty PATH and all builtins off that a line could name, bash
 * calls the function below, which notes the words it was given.
 */

const RUNS = Number(process.env.FUZZ_RUNS ?? 3000)
const DRIVER = `
cd "$1/work" || exit 9
out=$1/out status=$2
command_not_found_handle() {
  enable printf
  printf '%s\\0' "$#" "$@" >> "$out/$index"
  return "$status"
}
mapfile -d '' -t lines < "$1/lines"
PATH=/nowhere
index=0
for line in "\${lines[@]}"; do
  (
    for builtin in echo printf test '[' true false pwd kill : caller times help type; do enable -n "$builtin"; done
    eval "$line"
  ) < /dev/null > /dev/null 2>&1
  index=$((index + 1))
done
`

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bash-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What bash ran for each line, with every program ending with `status`. */
async function ranInBash(lines: readonly string[], status: 0 | 1, locale: string): Promise<string[][][]> {
  const base = join(folder, `${String(status)}-${locale}`)
  await rm(base, { recursive: true, force: true })
  await mkdir(join(base, 'work'), { recursive: true })
  await mkdir(join(base, 'out'))
  await writeFile(join(base, 'lines'), lines.map((line) => `${line}\0`).join(''))
  await writeFile(join(base, 'driver'), DRIVER)
  await promisify(execFile)('/bin/bash', ['--norc', '--noprofile', join(base, 'driver'), base, String(status)], { env: { LC_ALL: locale } })
  expect(await readdir(join(base, 'work'))).toEqual([])
  const noted = new Set(await readdir(join(base, 'out')))
  return Promise.all(
    lines.map(async (_, index) => (noted.has(String(index)) ? readCalls(await readFile(join(base, 'out', String(index)), 'utf8')) : [])),
  )
}

function readCalls(text: string): string[][] {
  const fields = text.split('\0').slice(0, -1)
  const calls: string[][] = []
  for (let at = 0; at < fields.length; ) {
    const count = Number(fields[at])
    calls.push(fields.slice(at + 1, at + 1 + count))
    at += 1 + count
  }
  return calls
}

/** The simple ones among the lines, with their commands. A program named by a path would really be run, so those are left out. */
function understood(lines: readonly string[]): { line: string; commands: string[] }[] {
  return lines.flatMap((line) => {
    const read = understandCommandLine(line)
    if (read.kind === 'unknown' || read.commands.some(({ words }) => words[0]?.includes('/'))) return []
    return [{ line, commands: read.commands.map(({ words }) => JSON.stringify(words)) }]
  })
}

async function compare(lines: readonly string[]): Promise<number> {
  const simple = understood(lines)
  const texts = simple.map(({ line }) => line)
  const [succeeding, failing] = [await ranInBash(texts, 0, 'C.UTF-8'), await ranInBash(texts, 1, 'C')]
  const wrong = simple.filter(({ line, commands }, index) => {
    const ran = (succeeding[index] ?? []).map((words) => JSON.stringify(words))
    const ranFailing = (failing[index] ?? []).map((words) => JSON.stringify(words))
    const isAll = line.includes('||') || JSON.stringify(ran.toSorted()) === JSON.stringify(commands.toSorted())
    return !isAll || ran.length === 0 || ![...ran, ...ranFailing].every((words) => commands.includes(words))
  })
  expect(wrong.map((each, index) => ({ ...each, index }))).toEqual([])
  return simple.length
}

test('bash runs the cases as they were read', async () => {
  const lines = readCommandCases().map(({ command }) => command)

  expect(await compare(lines)).toBeGreaterThan(80)
})

test('bash runs random lines as they were read', { timeout: 30_000 + RUNS * 20 }, async () => {
  const piece = fc.constantFrom(
    ...[
      'ls',
      'git',
      'x',
      'a=b',
      '-n',
      '--',
      '-',
      '1',
      '2',
      '%',
      '@',
      '+',
      ',',
      '.',
      ':',
      '=',
      'é',
      '文',
      "'",
      '"',
      "''",
      '""',
      "'a b'",
      '"c;d"',
      "'$x'",
      '"e|f"',
      "'\\'",
    ],
    ...[
      ' ',
      ' ',
      ' ',
      '\t',
      '\n',
      ';',
      '; ',
      '&&',
      ' || ',
      '|',
      ' | ',
      '&',
      '2>&1',
      ' 2>&1 ',
      ' >/dev/null ',
      '&>/dev/null',
      '1>&2',
      '>',
      '<',
    ],
    ...[
      '$',
      '`',
      '(',
      ')',
      '{',
      '}',
      '#',
      '!',
      '~',
      '*',
      '?',
      '[',
      ']',
      '\\',
      '^',
      'time ',
      'if ',
      'in',
      'do',
      'echo ',
      'test ',
      'then',
      'cd ',
      '\r',
      '\u00a0',
    ],
  )
  const text = fc.array(piece, { minLength: 1, maxLength: 14 }).map((pieces) => pieces.join(''))
  const mild = fc
    .array(
      fc.constantFrom(
        'ls',
        'x ',
        ' a',
        "'b c'",
        '"d"',
        "''",
        ' ',
        '\n',
        ';',
        '&&',
        '|',
        ' || ',
        ' 2>&1 ',
        '>/dev/null ',
        '\t',
        '=',
        '1',
        '2',
        '-',
      ),
      { minLength: 2, maxLength: 16 },
    )
    .map((pieces) => `ls ${pieces.join('')}`)
  const lines = [...new Set(fc.sample(fc.oneof(text, mild), RUNS))].filter((line) => !line.includes('\0'))

  expect(await compare(lines)).toBeGreaterThan(RUNS / 20)
})
