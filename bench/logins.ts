import type { Load } from './load-generator.ts'
import { gatherPeople, LoginTraffic, type Outcome } from './login-traffic.ts'
import { type Figure, median, percentile, spread } from './measure.ts'
import { signIn, startProduct } from './product.ts'
import { loadTool } from './requests.ts'
import type { Workbench } from './workbench.ts'

const RUNS = 5
const SECONDS = 10
/** The event loop has time to spare, and what a request waits for is the logins. */
const QUIET = 1
/** As in requests.ts: the event loop has none. */
const BUSY = 50
const LIMIT_MS = 25
/** For people from browsers that signed in before, while strangers flood the sign-in. */
const LOGIN_LIMIT_MS = 2000

interface Run {
  alone: { quiet: Load; busy: Load }
  beside: { quiet: Load; busy: Load }
  outcome: Outcome
}

/** What 20 logins a second do to a cheap authenticated GET, and what becomes of them; in turns with the same load without any. */
export async function measureLogins(workbench: Workbench): Promise<Figure[]> {
  // Believed, so that each attempt can come from an address of its own and is let in by the throttle.
  const product = await startProduct(workbench, { TRUST_PROXY: '127.0.0.1' })
  const { token } = await signIn(product, workbench)
  const people = await gatherPeople(product, token)
  const tool = await loadTool()
  const ask = (connections: number) => tool.run({ url: `${product.url}/api/auth/user`, token, connections, seconds: SECONDS })
  const runs: Run[] = []
  for (let run = 0; run <= RUNS; run += 1) {
    const alone = { quiet: await ask(QUIET), busy: await ask(BUSY) }
    const traffic = new LoginTraffic(product, people)
    const beside = { quiet: await ask(QUIET), busy: await ask(BUSY) }
    const outcome = await traffic.stop()
    // The first lets the compiler warm up.
    if (run > 0) runs.push({ alone, beside, outcome })
  }
  await product.stop()
  const failed = runs
    .flatMap(({ alone, beside }) => [...Object.values(alone), ...Object.values(beside)])
    .reduce((sum, load) => sum + load.failed, 0)
  if (failed > 0) throw new Error(`${failed} requests were not answered with 200.`)
  return [...describeRequests(runs, tool.name), describeLogins(runs)]
}

function describeRequests(runs: readonly Run[], tool: string): Figure[] {
  const figure = (name: string, kind: 'quiet' | 'busy', connections: number): Figure => {
    const beside = runs.map((run) => run.beside[kind].p99Ms)
    const alone = runs.map((run) => run.alone[kind].p99Ms)
    return {
      name: `authenticated GET beside 20 logins a second, p99, ${name}`,
      measured: spread(beside, 'ms'),
      target: `< ${LIMIT_MS} ms`,
      isReached: median(beside) < LIMIT_MS,
      remark: `GET /api/auth/user, ${connections} ${connections === 1 ? 'connection' : 'connections'}, ${SECONDS} s, n = ${RUNS}, ${tool}; without logins ${spread(alone, 'ms')}`,
    }
  }
  return [figure('one asks', 'quiet', QUIET), figure('fifty ask without a pause', 'busy', BUSY)]
}

function describeLogins(runs: readonly Run[]): Figure {
  const right = runs.flatMap(({ outcome }) => outcome.right)
  const wrong = runs.flatMap(({ outcome }) => outcome.wrong)
  const computed = runs.map(({ outcome }) => (outcome.right.length + outcome.wrong.length) / outcome.seconds)
  const putOff = runs.map(({ outcome }) => outcome.putOff / outcome.seconds)
  return {
    name: 'login from a known browser, one of 20 logins a second',
    measured: inSeconds(right),
    target: `median < ${LOGIN_LIMIT_MS / 1000} s`,
    isReached: median(right) < LOGIN_LIMIT_MS,
    remark:
      `2 of the 20 a second, n = ${right.length}, bcrypt at 12 rounds, one at a time; wrong passwords of strangers ${inSeconds(wrong)}, ` +
      `n = ${wrong.length}; computed ${spread(computed, '/s')}, put off with 429 ${spread(putOff, '/s')}`,
  }
}

function inSeconds(times: readonly number[]): string {
  return `${(median(times) / 1000).toFixed(1)} s, p95 ${(percentile(times, 95) / 1000).toFixed(1)} s`
}
