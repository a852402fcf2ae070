import { basename, join } from 'node:path'
import { call, say, think } from '../reply.ts'
import type { Work } from '../scenario.ts'
import { resultOf } from '../turn.ts'

export const writeFile: Work = {
  example: 'Write a file NOTES.md with what you know about this project',
  matches: (prompt) => /\b(write|create|make|save)\b.*(\bfiles?\b|\bnotes?\b|[\w-]+\.[a-z]{1,5}\b)/i.test(prompt),
  plan: (prompt) => `# Write ${fileNameIn(prompt)}\n\n## Steps\n\n1. Write the file in one go.\n2. Leave everything else as it is.\n`,
  play: (turn) => {
    const name = fileNameIn(turn.prompt)
    if (turn.rounds.length === 0) {
      const content = contentFor(turn.prompt, name)
      return [
        think(`One file, ${name}. I write it in one go.`),
        say(`I'll write \`${name}\`.`),
        call('Write', { file_path: join(turn.cwd, name), content }),
      ]
    }
    const result = resultOf(turn, 'Write')
    if (result?.outcome !== 'ok') return [say(`I could not write \`${name}\`. The tool said:\n\n> ${result?.text ?? 'nothing'}`)]
    return [say(`\`${name}\` is written. Ask me to run \`cat ${name}\` to see what is in it.`)]
  },
}

/** The file a prompt names, NOTES.md where it names none. Never a path: the demo writes into the project's folder alone. */
export function fileNameIn(prompt: string): string {
  return basename(/[\w./-]*[\w-]\.[a-z]{1,5}\b/i.exec(prompt)?.[0] ?? 'NOTES.md')
}

/** What the prompt puts in quotation marks, or notes about the sample project. */
function contentFor(prompt: string, name: string): string {
  const quoted = /["“]([^"”]+)["”]/.exec(prompt)?.[1]
  if (quoted !== undefined) return `${quoted}\n`
  if (name.endsWith('.md')) return NOTES
  if (name.endsWith('.json')) return '{ "writtenBy": "the demo" }\n'
  return 'Written by the demo.\n'
}

const NOTES = `# Notes

- Prices are whole cents; only \`src/money.js\` turns them into text.
- A cart is a list of lines: name, price in cents, quantity.
- \`npm test\` runs the tests with the runner that comes with Node.
`
