import { BareAgent } from './bare-agent.ts'
import { prompt, type SeenTurn, startSession, untilRetired } from './chat-client.ts'
import { type Figure, median, spread } from './measure.ts'
import { signIn, startProduct } from './product.ts'
import type { Workbench } from './workbench.ts'

const WARM_RUNS = 21
const COLD_RUNS = 9
const WARM_LIMIT_MS = 10
const COLD_LIMIT_MS = 20

const toFirstText = (turn: SeenTurn): number => turn.firstTextAt - turn.sentAt

/** Prompt to first text in a session whose process is up, in turns with the bare SDK held open. */
export async function measureWarmFirstText(workbench: Workbench): Promise<Figure> {
  const product = await startProduct(workbench)
  const account = await signIn(product, workbench)
  const agent = new BareAgent(workbench)
  await agent.prompt('stream 5')
  const { session } = await startSession(product, account, 'stream 5')
  const ours: number[] = []
  const bare: number[] = []
  for (let run = -2; run < WARM_RUNS; run += 1) {
    const bareMs = toFirstText(await agent.prompt('stream 5'))
    const ourMs = toFirstText(await prompt(session, 'stream 5'))
    if (run < 0) continue
    bare.push(bareMs)
    ours.push(ourMs)
  }
  session.client.close()
  await agent.close()
  await product.stop()
  return describe('prompt to first text, warm', { ours, bare, limitMs: WARM_LIMIT_MS })
}

/** Prompt to first text where the process has to be started for it. */
export async function measureColdFirstText(workbench: Workbench): Promise<Figure> {
  // Retired as soon as they may be, so that no run finds the agents of earlier ones in its way.
  const product = await startProduct(workbench, { AGENT_IDLE_MS: '1000' })
  const account = await signIn(product, workbench)
  const ours: number[] = []
  const bare: number[] = []
  for (let run = -1; run < COLD_RUNS; run += 1) {
    const agent = new BareAgent(workbench)
    const bareMs = toFirstText(await agent.prompt('stream 5'))
    await agent.close()
    const { session, turn } = await startSession(product, account, 'stream 5')
    await untilRetired(session)
    session.client.close()
    if (run < 0) continue
    bare.push(bareMs)
    ours.push(toFirstText(turn))
  }
  await product.stop()
  return describe('prompt to first text, cold', { ours, bare, limitMs: COLD_LIMIT_MS })
}

function describe(name: string, { ours, bare, limitMs }: { ours: number[]; bare: number[]; limitMs: number }): Figure {
  const differenceMs = median(ours) - median(bare)
  return {
    name,
    measured: `${differenceMs >= 0 ? '+' : ''}${differenceMs.toFixed(1)} ms`,
    target: `<= +${limitMs} ms over the bare SDK`,
    isReached: differenceMs <= limitMs,
    remark: `ours ${spread(ours, 'ms')}, bare SDK ${spread(bare, 'ms')}, in turns, n = ${ours.length}`,
  }
}
