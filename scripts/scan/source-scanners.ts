import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import typescript from 'typescript'
import * as z from 'zod/mini'
import { ROOT } from '../run-command.ts'
import { TOOLS_FOLDER, toolPath } from './fetched-tools.ts'
import { passIf, type Result, runBounded, type Scanner, type Target, unanswered } from './scanner.ts'

async function secrets({ folder }: Target): Promise<Result> {
  const config = join(folder, 'secretlintrc.json')
  await writeFile(
    config,
    JSON.stringify({ rules: [{ id: join(TOOLS_FOLDER, 'node_modules/@secretlint/secretlint-rule-preset-recommend') }] }),
  )
  const { output: tracked } = await runBounded(['git', 'ls-files', '-z'], 30)
  const files = tracked.split('\0').filter((name) => name !== '' && !/\.(png|svg|ico)$/.test(name))
  const { exitCode, output } = await runBounded(
    [toolPath('secretlint'), '--secretlintrc', config, '--format', 'unix', '--no-glob', ...files],
    180,
  )
  if (exitCode === null || exitCode > 1) return unanswered(`It could not look: ${output.trim().slice(0, 300)}`)
  const found = output
    .split('\n')
    .filter((line) => /:\d+:\d+:/.test(line))
    .map((line) => line.replace(ROOT, '').slice(0, 160))
  // Tests of redaction need texts that look like secrets.
  const counted = found.filter((line) => !/^\S*(test|demo)\S*:/.test(line))
  return passIf(
    counted.length === 0,
    `${String(files.length)} files; ${String(found.length - counted.length)} made-up secrets of tests do not count.`,
    counted,
  )
}

const Checked = z.object({ status: z.string(), complexity: z.optional(z.object({ summary: z.optional(z.string()) })) })
const Recheck = z.object({
  check: z.custom<(source: string, flags: string, options: object) => Promise<unknown>>((value) => typeof value === 'function'),
})
const SECONDS_IN_ALL = 240

interface Expression {
  source: string
  flags: string
  place: string
}

/** Every regular expression that is written down in what ships. */
async function expressions(): Promise<Expression[]> {
  const found = new Map<string, Expression>()
  for (const name of await readdir(join(ROOT, 'src'), { recursive: true })) {
    if (!/\.tsx?$/.test(name) || name.includes('.test.')) continue
    const file = typescript.createSourceFile(name, await readFile(join(ROOT, 'src', name), 'utf8'), typescript.ScriptTarget.Latest, true)
    const visit = (node: typescript.Node): void => {
      if (typescript.isRegularExpressionLiteral(node)) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart())
        const end = node.text.lastIndexOf('/')
        found.set(node.text, { source: node.text.slice(1, end), flags: node.text.slice(end + 1), place: `src/${name}:${String(line + 1)}` })
      }
      typescript.forEachChild(node, visit)
    }
    visit(file)
  }
  return [...found.values()]
}

async function slowExpressions(): Promise<Result> {
  const recheck = Recheck.safeParse(createRequire(join(TOOLS_FOLDER, 'package.json'))('recheck'))
  if (!recheck.success) return unanswered('recheck could not be loaded.')
  const all = await expressions()
  const deadline = Date.now() + SECONDS_IN_ALL * 1000
  const findings: string[] = []
  let safe = 0
  let unknown = 0
  for (const { source, flags, place } of all) {
    if (Date.now() > deadline) break
    const { status, complexity } = Checked.parse(await recheck.data.check(source, flags, { timeout: 5000 }))
    if (status === 'vulnerable') findings.push(`${place}: ${complexity?.summary ?? status}: ${source.slice(0, 100)}`)
    else if (status === 'safe') safe += 1
    else unknown += 1
  }
  const exponential = findings.filter((line) => line.includes(': exponential'))
  const rest = all.length - safe - unknown - findings.length
  return passIf(
    exponential.length === 0 && rest === 0,
    `${String(all.length)} expressions: ${String(safe)} safe, ${String(findings.length)} polynomial or worse, of which ${String(exponential.length)} exponential, ${String(unknown)} undecided, ${String(rest)} not looked at.`,
    findings,
  )
}

export const sourceScanners: readonly Scanner[] = [
  { name: 'secrets in the sources', scan: secrets },
  { name: 'slow regular expressions', scan: slowExpressions },
]
