import { join } from 'node:path'
import { call, say, think } from '../reply.ts'
import type { Scenario } from '../scenario.ts'

const FILES = ['README.md', 'package.json', 'src/cart.js', 'src/receipt.js']

export const explainProject: Scenario = {
  example: 'Explain this project',
  matches: (prompt) => /\b(explain|describe|summari[sz]e|overview|how does|what does|what is)\b/i.test(prompt),
  play: (turn) => {
    if (turn.rounds.length === 0) {
      return [
        think('The README and package.json say what it is meant to be; the source says what it is. I can read all four at once.'),
        say("I'll read the README, the package file and the heart of the source."),
        ...FILES.map((file) => call('Read', { file_path: join(turn.cwd, file) })),
      ]
    }
    const read = turn.rounds[0]?.filter(({ result }) => result?.outcome === 'ok') ?? []
    if (read.length < FILES.length) {
      return [
        say(
          `I could read ${read.length} of the ${FILES.length} files that I know from the sample project. In this demo I can only explain that one.`,
        ),
      ]
    }
    return [say(EXPLANATION)]
  },
}

const EXPLANATION = `**Corner shop** is the till of a small shop, in plain JavaScript with no dependencies.

## How a purchase runs through it

1. \`createCart()\` makes an empty cart, a list of lines.
2. \`addItem()\` checks the price and the quantity, then joins an existing line or adds a new one.
3. \`totalCents()\` adds the lines up.
4. \`receipt()\` turns it all into text.

\`\`\`js
const cart = addItem(createCart(), 'Apple', 45, 3)
console.log(receipt(cart))
\`\`\`

## Two decisions worth knowing

- **Money is whole cents.** Nothing is rounded on the way; only \`formatCents()\` turns cents into text.
- **Bad input throws** a \`RangeError\` at the door, so the rest of the code never checks again.

One thing caught my eye: \`totalCents()\` never looks at a line's quantity. Ask me to *fix the failing test* to see whether that is a bug.
`
