import { say, think } from '../reply.ts'
import type { Scenario } from '../scenario.ts'

export const showMarkdown: Scenario = {
  example: 'Show me a long answer with Markdown',
  matches: (prompt) => /\bmarkdown\b|\bstream(ing)?\b|\blong (answer|text)\b/i.test(prompt),
  play: () => [
    think('A bit of everything then: headings, lists, a table, code in several languages, a quotation and a link.'),
    say(LONG_ANSWER),
  ],
}

const LONG_ANSWER = `# Keeping money in whole cents

Most bugs in tills come from one habit: keeping money in **floating-point numbers**. This answer walks through why that goes wrong, and what to do about it.

## What goes wrong

Binary fractions cannot hold most decimal ones. The classic example, in three languages:

\`\`\`js
0.1 + 0.2 === 0.3 // false
\`\`\`

\`\`\`python
>>> sum([0.1] * 3)
0.30000000000000004
\`\`\`

\`\`\`rust
fn main() {
    let total: f64 = [0.1; 3].iter().sum();
    assert_ne!(total, 0.3);
}
\`\`\`

A single purchase hides the error. A day of purchases does not:

| purchases | exact total | with floats | off by |
| ---: | ---: | ---: | ---: |
| 1 | 0.10 | 0.1 | 0 |
| 10 | 1.00 | 0.9999999999999999 | 1e-16 |
| 1,000,000 | 100,000.00 | 100000.00000133288 | 1e-6 |

> Rounding at the end does not help: by then it is chance which way the half cent falls.

## What to do

1. **Store cents as integers.** \`4.55\` becomes \`455\`. Additions are exact up to 90 trillion.
2. **Round once**, where a fraction first appears:
   - a discount of 10 % on 455 is 409.5, so decide: 409 or 410;
   - tax is the other place.
3. **Format last.** Only the line that prints knows about the decimal point.

In this project that is \`formatCents\`:

\`\`\`js
export function formatCents(cents) {
  const whole = Math.floor(Math.abs(cents) / 100)
  const rest = String(Math.abs(cents) % 100).padStart(2, '0')
  return \`\${cents < 0 ? '-' : ''}\${whole}.\${rest}\`
}
\`\`\`

### In a database

\`\`\`sql
CREATE TABLE line (
  name        TEXT    NOT NULL,
  price_cents INTEGER NOT NULL CHECK (price_cents >= 0),
  quantity    INTEGER NOT NULL CHECK (quantity >= 1)
);
SELECT SUM(price_cents * quantity) AS total_cents FROM line;
\`\`\`

### On the command line

\`\`\`bash
node --test && node src/main.js
\`\`\`

## A checklist

- [x] prices are integers
- [x] one function formats
- [ ] a test for each place that rounds

Further reading: [What Every Computer Scientist Should Know About Floating-Point Arithmetic](https://docs.oracle.com/cd/E19957-01/806-3568/ncg_goldberg.html).
`
