import { join } from 'node:path'
import { type Block, call, say, think } from '../reply.ts'
import type { Work } from '../scenario.ts'
import { resultOf, type Turn } from '../turn.ts'
import { hasPassed, runTests } from './fix-failing-test.ts'

const STEPS = [
  { content: 'Add percentOff to src/discount.js', activeForm: 'Adding percentOff' },
  { content: 'Test it in test/discount.test.js', activeForm: 'Writing the test' },
  { content: 'Run the new test', activeForm: 'Running the new test' },
]

const SOURCE = `/** Takes a percentage off a price. Cents in, whole cents out, rounded in the customer's favour. */
export function percentOff(cents, percent) {
  if (!(percent >= 0 && percent <= 100)) throw new RangeError('A discount is between 0 and 100 per cent')
  return Math.floor((cents * (100 - percent)) / 100)
}
`

const TEST = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { percentOff } from '../src/discount.js'

test('ten per cent off is rounded in the favour of the customer', () => {
  assert.equal(percentOff(455, 10), 409)
})

test('more than everything cannot be taken off', () => {
  assert.throws(() => percentOff(455, 101), RangeError)
})
`

/** Works through a to-do list: each round ticks one step off and starts the next. */
export const addFeature: Work = {
  example: 'Add a discount to the cart, step by step with a to-do list',
  matches: (prompt) => /\bto-?dos?\b|\bstep by step\b|\bdiscount\b|\b(add|implement|build)\b.*\b(feature|function)\b/i.test(prompt),
  plan: () => PLAN,
  play: (turn) => {
    switch (turn.rounds.length) {
      case 0:
        return [
          think('Three steps: the function, its test, a run. A list keeps them visible while I work.'),
          say('That is a small feature with three steps.'),
          ...progress(turn, 0),
          call('Write', { file_path: join(turn.cwd, 'src/discount.js'), content: SOURCE }),
        ]
      case 1:
        return [
          say('The function is there. Next, its test.'),
          ...progress(turn, 1),
          call('Write', { file_path: join(turn.cwd, 'test/discount.test.js'), content: TEST }),
        ]
      case 2:
        return [...progress(turn, 2), runTest()]
      default:
        return finish(turn)
    }
  },
}

function runTest(): Block {
  const block = runTests('Run the new test')
  return block.type === 'call' ? { ...block, input: { ...block.input, command: 'node --test test/discount.test.js' } } : block
}

/** The to-do list with the steps before `current` done. No block where the agent has no tool for it. */
function progress(turn: Turn, current: number): Block[] {
  if (!turn.tools.has('TodoWrite')) return []
  const todos = STEPS.map((step, index) => ({
    ...step,
    status: index < current ? 'completed' : index === current ? 'in_progress' : 'pending',
  }))
  return [call('TodoWrite', { todos })]
}

function finish(turn: Turn): Block[] {
  const isTicked = turn.rounds.length > 3 || !turn.tools.has('TodoWrite')
  if (!isTicked && hasPassed(resultOf(turn, 'Bash'))) return progress(turn, STEPS.length)
  const passed = hasPassed(resultOf(turn, 'Bash', 2))
  const verdict = passed ? 'its test passes' : '**its test fails**, see the output above'
  return [
    say(
      `Done: \`percentOff\` takes a percentage off a price, and ${verdict}.\n\n- \`src/discount.js\`: the function\n- \`test/discount.test.js\`: two tests`,
    ),
  ]
}

const PLAN = `# A discount for the cart

## Context

The till cannot take anything off a price yet. A percentage is the simplest discount, and the one that shops use most.

## Steps

1. Add \`percentOff(cents, percent)\` in \`src/discount.js\`; whole cents in, whole cents out.
2. Test it in \`test/discount.test.js\`: rounding, and what is out of range.
3. Run the new test.

## Verification

\`node --test test/discount.test.js\` ends with exit code 0.
`
