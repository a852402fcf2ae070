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
  { name: 'format, a11y lint', command: ['biome', 'ci', '.'] },
  { name: 'colours, suppressions', command: node('check-source-text') },
  { name: 'lockfile', command: node('check-lockfile') },
  { name: 'generated docs', command: node('generate-docs', '--check') },
]

/** Each needs the one before it. */
const BUILD_STEPS: Step[] = [
  { name: 'build', command: node('build') },
  { name: 'bundle size', command: node('check-bundle-size') },
]
const TEST_STEP: Step = { name: 'tests', command: ['vitest', 'run'] }
const CLOSING_LINES = 8

/** Runs one step and prints how it went; its output only where it failed. Returns its output when it passed. */
async function runStep({ name, command }: Step): Promise<string | null> {
  const { exitCode, output, durationMs } = await runCommand(command)
  const passed = exitCode === 0
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name.padEnd(24)} ${(durationMs / 1000).toFixed(1).padStart(6)} s`)
  if (!passed) console.log(`\n$ ${command.join(' ')}\n${output}`)
  return passed ? output : null
}

/** Runs all steps, two at a time. Returns how many failed. */
async function runSideBySide(steps: readonly Step[]): Promise<number> {
  const waiting = [...steps]
  let failures = 0
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      if ((await runStep(step)) === null) failures += 1
    }
  }
  await Promise.all([work(), work()])
  return failures
}

/** Runs the steps in order up to the first that fails. Returns how many failed. */
async function runInOrder(steps: readonly Step[]): Promise<number> {
  for (const step of steps) {
    const output = await runStep(step)
    if (output === null) return 1
    if (step.name === 'bundle size') console.log(output.trimEnd())
  }
  return 0
}

async function main(): Promise<void> {
  const startedAt = performance.now()
  let failures = await runSideBySide(STATIC_STEPS)
  const buildFailures = await runInOrder(BUILD_STEPS)
  failures += buildFailures
  if (buildFailures === 0) {
    const output = await runStep(TEST_STEP)
    failures += output === null ? 1 : 0
    if (output !== null) console.log(output.trimEnd().split('\n').slice(-CLOSING_LINES).join('\n'))
  }
  console.log(`\n${failures === 0 ? 'Everything holds' : `${failures} failed`}, ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`)
  process.exitCode = failures === 0 ? 0 : 1
}

await main()
