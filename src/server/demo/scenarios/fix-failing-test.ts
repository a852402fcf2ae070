import { join } from 'node:path'
import { type Block, bash, call, say, think } from '../reply.ts'
import type { Work } from '../scenario.ts'
import { resultOf, type ToolResult, type Turn } from '../turn.ts'

const FAILING = 'the total counts every piece of a line'
const BROKEN = 'sum + line.priceCents, 0'
const MENDED = 'sum + line.priceCents * line.quantity, 0'

const UNKNOWN_FAILURE =
  'That is not the failure of the sample project, and in this demo I only know how to fix that one. The output above says more.'

/** The tests as a command, and whether its result says that all of them passed. */
export const runTests = (description: string): Block => bash('node --test', description)
export const hasPassed = (result: ToolResult | null): boolean => result?.outcome === 'ok'

export const fixFailingTest: Work = {
  example: 'Fix the failing test',
  matches: (prompt) => /\b(fix|repair|debug|mend)\b|\bfail(s|ing|ed|ure)?\b|\bbug\b/i.test(prompt),
  plan: () => PLAN,
  play: (turn) => {
    switch (turn.rounds.length) {
      case 0:
        return [
          think(
            'Before I change anything I want to see which test fails and what it says. The project uses the test runner that comes with Node.',
          ),
          say("I'll run the tests first, to see what fails."),
          runTests('Run all tests'),
        ]
      case 1:
        return readSuspects(turn)
      case 2:
        return mend(turn)
      case 3:
        return [say('That is the whole change. Now the tests again.'), runTests('Run all tests again')]
      default:
        return [say(summary(turn))]
    }
  },
}

function readSuspects(turn: Turn): Block[] {
  const result = resultOf(turn, 'Bash')
  if (hasPassed(result)) return [say('All tests pass already, so there is nothing to fix. `node --test` ended with exit code 0.')]
  if (!result?.text.includes(FAILING)) return [say(UNKNOWN_FAILURE)]
  return [
    think(
      '455 expected, 365 received. 455 - 365 = 90, that is two apples at 45: only one of the three is counted. The total is the place to look.',
    ),
    say(`One test fails: *${FAILING}*. It misses 90 cents, the price of two apples. I'll read the cart and its test.`),
    call('Read', { file_path: join(turn.cwd, 'src/cart.js') }),
    call('Read', { file_path: join(turn.cwd, 'test/cart.test.js') }),
  ]
}

function mend(turn: Turn): Block[] {
  if (!resultOf(turn, 'Read')?.text.includes(BROKEN)) {
    return [say(UNKNOWN_FAILURE)]
  }
  return [
    think(
      'There it is: the reduce adds the price of each line once, whatever its quantity. Multiplying by the quantity is the smallest change that is right.',
    ),
    say("`totalCents` adds each line's price once and forgets how many pieces the line holds. I'll multiply by the quantity."),
    call('Edit', { file_path: join(turn.cwd, 'src/cart.js'), old_string: BROKEN, new_string: MENDED }),
  ]
}

function summary(turn: Turn): string {
  if (!hasPassed(resultOf(turn, 'Bash')))
    return 'The tests still fail. I have changed `src/cart.js` only; have a look at the output above before you keep it.'
  return `Fixed: **all tests pass**.

The bug was in \`totalCents\` in \`src/cart.js\`. It counted each line once:

\`\`\`diff
-  return cart.lines.reduce((sum, line) => ${BROKEN})
+  return cart.lines.reduce((sum, line) => ${MENDED})
\`\`\`

Nothing else had to change; the test was right all along.`
}

const PLAN = `# Make the failing test pass

## Context

\`node --test\` reports one failure: the total of a cart ignores how many pieces a line holds.

## Steps

1. Run the tests, to see the failure.
2. Multiply by the quantity in \`totalCents\` in \`src/cart.js\`.
3. Run the tests again.

## Verification

\`node --test\` ends with exit code 0.
`
