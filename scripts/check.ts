import { runCommand } from './run-command.ts'

interface Step {
  name: string
  command: string[]
}

const node = (script: string, ...parameters: string[]): string[] => ['node', `scripts/${script}.ts`, ...parameters]

/** They read and change nothing, in any order. The longest come first. */
const STATIC_STEPS: Step[] = [
  { name: 'lint', command: ['eslint', '--max-warnings', '0', '.'] },
  { name: 'types: server', command: ['tsc', '--project', 'src/server'] },
  { name: 'types: web', command: ['tsc', '--project', 'src/web'] },
  { name: 'types: test', command: ['tsc', '--project', 'test'] },
  { name: 'types: protocol', command: ['tsc', '--project', 'src/protocol'] },
  { name: 'layers', command: node('check-layers') },
  { name: 'unused code', command: ['knip', '--no-progress'] },
  { name: 'format, a11y lint', command: ['biome', 'ci', '--colors=off', '.'] },
  { name: 'colours, suppressions', command: node('check-source-text') },
  { name: 'lockfile', command: node('check-lockfile') },
  { name: 'audited actions', command: node('check-audit-actions') },
  { name: 'generated docs', command: node('generate-docs', '--check') },
  { name: 'documentation site', command: node('build-docs-site') },
]

/** Each needs the one before it. */
const BUILD_STEPS: Step[] = [
  { name: 'build', command: node('build') },
  { name: 'bundle size', command: node('check-bundle-size') },
]
const TEST_STEP: Step = { name: 'tests', command: ['vitest', 'run'] }
const CLOSING_LINES = 8
/** What vitest writes above the failures that it gathered, after the list of all files. */
const FAILURES_HEADING = /^.*(?:Failed (?:Suites|Tests)|Unhandled Errors).*$/m

interface StepResult {
  passed: boolean
  output: string
}

/** Returns the failures of a test run without the files that passed, which would push them out of a log that is cut; any other output as it is. */
function fromFirstFailure(output: string): string {
  const start = FAILURES_HEADING.exec(output)?.index
  return start === undefined ? output : output.slice(start)
}

/** Runs one step and prints how it went; its output only where it failed. */
async function runStep({ name, command }: Step): Promise<StepResult> {
  const { exitCode, output, durationMs } = await runCommand(command)
  const passed = exitCode === 0
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name.padEnd(24)} ${(durationMs / 1000).toFixed(1).padStart(6)} s`)
  if (!passed) console.log(`\n$ ${command.join(' ')}\n${fromFirstFailure(output)}`)
  return { passed, output }
}

/** Runs all steps, two at a time. Returns how many failed. */
async function runSideBySide(steps: readonly Step[]): Promise<number> {
  const waiting = [...steps]
  let failures = 0
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const { passed } = await runStep(step)
      if (!passed) failures += 1
    }
  }
  await Promise.all([work(), work()])
  return failures
}

/** Builds, and says what the pages weigh. Returns whether all went well. */
async function runBuild(): Promise<boolean> {
  for (const step of BUILD_STEPS) {
    const { passed, output } = await runStep(step)
    if (!passed) return false
    console.log(output.replace(/^/gm, '       ').trimEnd())
  }
  return true
}

/** Runs all tests and prints the runner's closing lines. Returns whether all of them passed, and how many did which. */
async function runTests(): Promise<{ passed: boolean; summary: string }> {
  const { passed, output } = await runStep(TEST_STEP)
  if (passed) console.log(output.trimEnd().split('\n').slice(-CLOSING_LINES).join('\n'))
  const line = /^\s*Tests\s.*$/m.exec(output)?.[0] ?? ''
  const count = (what: string): number => Number(new RegExp(`(\\d+) ${what}`).exec(line)?.[1] ?? 0)
  return { passed: passed && count('passed') > 0, summary: `Tests: ${count('passed')} passed, ${count('failed')} failed` }
}

async function main(): Promise<void> {
  const startedAt = performance.now()
  const failures = await runSideBySide(STATIC_STEPS)
  const isBuilt = await runBuild()
  const tests = isBuilt ? await runTests() : { passed: false, summary: 'The tests did not run, since there is no build.' }
  const holds = failures === 0 && tests.passed
  console.log(`\n${holds ? 'Everything holds' : 'Something failed; see above'}, ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`)
  console.log(tests.summary)
  process.exitCode = holds ? 0 : 1
}

await main()
