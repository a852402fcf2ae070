import { chmod, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Tapped } from './agent-tap.ts'
import { BareAgent } from './bare-agent.ts'
import { ChatClient, type ChatSession, prompt, startSession } from './chat-client.ts'
import { type Figure, median, spread } from './measure.ts'
import { type Account, type Product, signIn, startProduct } from './product.ts'
import type { Workbench } from './workbench.ts'

const RUNS = 21
const LIMIT_MS = 5

/** From question to card, and from decision to go-ahead; both in milliseconds. */
interface Ways {
  out: number[]
  back: number[]
}

/**
 * The way of an approval, taken where the agent's program writes its question and reads the answer. What the SDK itself
 * needs for that is measured with the bare SDK behind the same tap and is part of our figure, which is so an upper bound.
 */
export async function measureApprovals(workbench: Workbench): Promise<Figure[]> {
  const ours = await measureOurs(workbench)
  const bare = await measureBare(workbench)
  return [
    describe('approval: question to the request at the client', ours.out, bare.out),
    describe(
      'approval: response to the go-ahead',
      ours.back,
      bare.back,
      `; the agent's own ${median(ours.agent).toFixed(1)} ms between the hook and its question are not`,
    ),
  ]
}

/** With what the agent itself needs between the hook's answer and its question. */
async function measureOurs(workbench: Workbench): Promise<Ways & { agent: number[] }> {
  const tap = await createTap(workbench, 'ours')
  const product = await startProduct(workbench, { CLAUDE_CLI_PATH: tap.program })
  const account = await signIn(product, workbench)
  const { session } = await startSession(product, account, 'stream 5')
  const decider = await startDecider(product, account, session)
  for (let run = 0; run < RUNS + 1; run += 1) await prompt(session, `run touch ours-${run}`)
  decider.stop()
  session.client.close()
  await product.stop()
  const ways: Ways & { agent: number[] } = { out: [], back: [], agent: [] }
  const tapped = await tap.read()
  for (const [run, { requestedAt, decidedAt }] of decider.decisions.entries()) {
    // The first is the one that warms up.
    if (run === 0) continue
    ways.out.push(requestedAt - (tapped.asked[run] ?? Number.NaN))
    const again = (tapped['asked-again'][run] ?? Number.NaN) - (tapped.released[run] ?? Number.NaN)
    ways.agent.push(again)
    ways.back.push((tapped.answered[run] ?? Number.NaN) - decidedAt - again)
  }
  return ways
}

interface Decision {
  requestedAt: number
  decidedAt: number
}

/** A second device that allows whatever is asked, at once. */
async function startDecider(product: Product, account: Account, { sessionId }: ChatSession) {
  const client = await ChatClient.connect(product.url, account.token)
  const decisions: Decision[] = []
  const watching = client.until(({ at, frame }) => {
    if (frame.type !== 'claude-permission-request' || frame.sessionId !== sessionId) return undefined
    const { requestId, inputHash } = frame
    const decidedAt = client.send({ type: 'claude-permission-response', requestId, inputHash, allow: true })
    decisions.push({ requestedAt: at, decidedAt })
    return undefined
  })
  // Ends with the socket, which is how it is stopped.
  watching.catch(() => {})
  return { decisions, stop: () => client.close() }
}

async function measureBare(workbench: Workbench): Promise<Ways> {
  const tap = await createTap(workbench, 'bare')
  const agent = new BareAgent(workbench, tap.program)
  await agent.prompt('stream 5')
  for (let run = 0; run < RUNS + 1; run += 1) await agent.prompt(`run touch bare-${run}`)
  await agent.close()
  const { asked, answered } = await tap.read()
  const callbacks = agent.asked.slice(1)
  return {
    out: callbacks.map(({ askedAt }, run) => askedAt - (asked[run + 1] ?? Number.NaN)),
    back: callbacks.map(({ answeredAt }, run) => (answered[run + 1] ?? Number.NaN) - answeredAt),
  }
}

interface Tap {
  /** To be run instead of the agent's program. */
  program: string
  read(): Promise<Record<Tapped['kind'], number[]>>
}

async function createTap(workbench: Workbench, name: string): Promise<Tap> {
  const program = join(workbench.directory, `tap-${name}`)
  const log = join(workbench.directory, `tap-${name}.log`)
  const words = [process.execPath, join(import.meta.dirname, 'agent-tap.ts'), claudeProgram(), log]
  await writeFile(program, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`)
  await chmod(program, 0o700)
  return {
    program,
    async read() {
      const lines = (await readFile(log, 'utf8')).trim().split('\n')
      const tapped = lines.map((line) => Tapped.parse(JSON.parse(line)))
      const moments = (kind: Tapped['kind']) => tapped.filter((entry) => entry.kind === kind).map(({ at }) => at)
      return {
        asked: moments('asked'),
        released: moments('released'),
        'asked-again': moments('asked-again'),
        answered: moments('answered'),
      }
    },
  }
}

/** The program that the SDK brings along. @throws Error where it is not installed */
function claudeProgram(): string {
  const sdk = createRequire(import.meta.url).resolve('@anthropic-ai/claude-agent-sdk')
  const name = `@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}/package.json`
  return join(dirname(createRequire(sdk).resolve(name)), 'claude')
}

function describe(name: string, ours: number[], bare: number[], more = ''): Figure {
  return {
    name,
    measured: spread(ours, 'ms'),
    target: `< ${LIMIT_MS} ms`,
    isReached: median(ours) < LIMIT_MS,
    remark: `between the agent's program and the client, so the SDK's own ${median(bare).toFixed(2)} ms are in it${more}; n = ${ours.length}`,
  }
}
