import { startDemoModel } from '../src/server/demo/demo-model.ts'
import type { ModelRequest } from '../src/server/demo/model-request.ts'
import { type Block, bash, say } from '../src/server/demo/reply.ts'
import { answerSideRequest } from '../src/server/demo/side-requests.ts'
import { readTurn } from '../src/server/demo/turn.ts'

/*
 * The model that the bench drives agents with, in a process of its own so that it burdens neither side more.
 * Prints its URL. A prompt steers the answer:
 *   `stream 500`     500 text deltas as fast as the agent takes them
 *   `run touch x`    asks for the shell command `touch x`, then says a word
 */

function answer(request: ModelRequest): Iterable<Block> {
  const side = answerSideRequest(request)
  if (side !== null) return side
  const { prompt, rounds } = readTurn(request)
  const deltas = Number(/^stream (\d+)$/.exec(prompt)?.[1] ?? 1)
  const command = /^run (.+)$/.exec(prompt)?.[1]
  if (command !== undefined && rounds.length === 0) return [bash(command, 'Measure an approval')]
  return [say(' word'.repeat(deltas))]
}

const [key = ''] = process.argv.slice(2)
const { url } = await startDemoModel({ key, paceMs: 0, answer })
console.log(url)
