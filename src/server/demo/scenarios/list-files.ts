import { bash, say, think } from '../reply.ts'
import type { Scenario } from '../scenario.ts'
import { resultOf } from '../turn.ts'

const PURPOSES: Readonly<Record<string, string>> = {
  'README.md': 'what the project is',
  'package.json': 'its name and its scripts',
  'src/cart.js': 'the lines of a purchase and their total',
  'src/money.js': 'cents as text',
  'src/receipt.js': 'what the printer gets',
  'src/main.js': 'prints a receipt',
}

export const listFiles: Scenario = {
  example: 'Which files are in this project?',
  matches: (prompt) => /\b(list|show|which|what|explore|find)\b.*\b(files?|folders?|tree|structure)\b|\bls\b/i.test(prompt),
  play: (turn) => {
    if (turn.rounds.length === 0) {
      return [
        think('They want to know what is here. Listing every file outside the git folder tells me in one go.'),
        say("I'll look at what is in the folder."),
        bash("find . -type f -not -path './.git/*' | sort", 'List all files of the project'),
      ]
    }
    const files = (resultOf(turn, 'Bash')?.text ?? '').split('\n').flatMap((line) => (line.startsWith('./') ? [line.slice(2)] : []))
    if (files.length === 0) return [say('There are no files in this folder yet.')]
    return [
      say(
        `There are **${files.length} files** here:\n\n${files.map(describe).join('\n')}\n\nAsk me to explain the project if you want to know how they fit together.`,
      ),
    ]
  },
}

function describe(file: string): string {
  const purpose = PURPOSES[file] ?? (file.startsWith('test/') ? 'tests' : undefined)
  return purpose === undefined ? `- \`${file}\`` : `- \`${file}\`: ${purpose}`
}
