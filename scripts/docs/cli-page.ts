import { HELP } from '../../src/server/cli/arguments.ts'
import { generatedHead, table } from './markdown.ts'

const EXIT_CODES: string[][] = [
  ['0', 'It went well.'],
  ['1', 'It did not: what was asked for could not be done, or a check found something. The sentence on standard error says what.'],
  ['78', 'A setting or the command line cannot be used, or the data cannot be opened by this version. A line says each mistake.'],
]

/** docs/cli.md */
export function cliPage(): string {
  return `${generatedHead('Command line')}

In a clone of the repository, what follows \`npm start --\` goes to the command: \`npm start -- user list\`. Installed as a package it is \`ai-code-ui\`.

\`\`\`text
${HELP.trimEnd()}
\`\`\`

What a command prints for a program to read goes to standard output, everything else to standard error. No secret is ever an argument, since other users
of the machine can read those.

## Exit codes

${table(['Code', 'Meaning'], EXIT_CODES)}
`
}
