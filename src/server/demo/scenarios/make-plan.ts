import { join } from 'node:path'
import { type Block, call, say, think } from '../reply.ts'
import type { Scenario, Work } from '../scenario.ts'
import { afterRounds, resultOf, type ToolResult, type Turn } from '../turn.ts'

/** Enters plan mode when a plan is asked for outside it; `planWork` goes on from there. */
export const makePlan: Scenario = {
  example: 'Make a plan for a discount before you change anything',
  matches: (prompt) => /\bplan\b/i.test(prompt),
  play: (turn) => {
    if (turn.rounds.length > 0 || !turn.tools.has('EnterPlanMode'))
      return [say('This agent cannot plan here. Choose plan mode and ask again.')]
    return [think('They want a plan before anything changes. Plan mode is made for that.'), call('EnterPlanMode', {})]
  },
}

/** Whether the turn plans, or has planned, before it acts. */
export function isPlanning(turn: Turn): boolean {
  return turn.planFile !== null || turn.rounds.some((_, index) => resultOf(turn, 'ExitPlanMode', index) !== null)
}

/** Looks around, writes the plan file, asks for approval, then does what was approved. A plan turned down is revised once. */
export function planWork(turn: Turn, work: Work): Block[] {
  const approvedAt = turn.rounds.findIndex((_, index) => resultOf(turn, 'ExitPlanMode', index)?.outcome === 'ok')
  if (approvedAt >= 0) return work.play(afterRounds(turn, approvedAt + 1))
  const last = turn.rounds.at(-1)?.[0]?.name
  if (last === 'Write') return [call('ExitPlanMode', {})]
  const refusals = turn.rounds.flatMap((_, index) => refusalOf(resultOf(turn, 'ExitPlanMode', index)))
  if (last === 'ExitPlanMode') return revise(turn, work, refusals)
  if (last === 'Read') return [say('Now I know enough to write the plan.'), writePlan(turn, work.plan(turn.prompt))]
  return [
    think('In plan mode I may look at everything and change nothing but the plan. I look at the cart first.'),
    say("I'll look at the code before I plan."),
    call('Read', { file_path: join(turn.cwd, 'src/cart.js') }),
    call('Read', { file_path: join(turn.cwd, 'test/cart.test.js') }),
  ]
}

function revise(turn: Turn, work: Work, refusals: string[]): Block[] {
  const [remark, ...others] = refusals
  if (remark === undefined || others.length > 0) {
    return [say('Then I leave it at that: nothing was changed. Tell me what you would rather have, and I plan again.')]
  }
  const quoted = remark.trim().replaceAll(/^/gm, '> ')
  return [say('I take that into the plan and ask again.'), writePlan(turn, `${work.plan(turn.prompt)}\n## Your remark\n\n${quoted}\n`)]
}

function writePlan(turn: Turn, content: string): Block {
  return call('Write', { file_path: turn.planFile ?? '', content })
}

function refusalOf(result: ToolResult | null): string[] {
  return result === null || result.outcome === 'ok' ? [] : [result.text]
}
