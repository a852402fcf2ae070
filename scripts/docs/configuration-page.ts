import { SECRET_FILE_VARIABLES } from '../../src/server/config-secret-files.ts'
import { SETTINGS, type Setting, type SettingName } from '../../src/server/config-settings.ts'
import { SECTIONS, SETTING_TEXTS } from './configuration-texts.ts'
import { code, generatedHead, table } from './markdown.ts'

/** docs/configuration.md */
export function configurationPage(): string {
  return `${generatedHead('Configuration')}

A setting is looked for as a flag (\`--port\`, \`--host\`, \`--data-dir\`), in the environment, in \`.env\` of the folder in which the server is
started, and in \`config.json\` of the data folder, in this order. \`config.json\` has the names in camel case: \`{ "port": 8080, "allowedHosts": "code.example.org" }\`.

A \`.env\` may have come with a project. What opens the server to others, holds its secrets, names its data, its programs or the agents' endpoints is taken
from it only where the file is readable by its owner alone (\`chmod 600 .env\`) and stands in no repository, or in the product's own folder.

A value that cannot be used ends the start with exit code 78 and a line for each mistake; so does a name in \`config.json\` that nobody knows.

${Object.entries(SECTIONS)
  .map(([section, title]) => `## ${title}\n\n${sectionTable(section)}`)
  .join('\n\n')}

## Secrets in files

${SECRET_FILE_VARIABLES.map(code).join(', ')} name a file that holds the value of the variable without \`_FILE\`, as Docker and systemd hand secrets over.

\`ENCRYPTION_KEY_COMMAND\` names a program that prints the encryption key, such as the client of a key vault: the absolute path of the program and its
parameters, split at spaces. It runs without a shell once when the product starts, has 10 seconds, and what it prints goes nowhere else. It is taken from
the environment alone, never from a \`.env\` or \`config.json\`, and refused beside \`ENCRYPTION_KEY\` or \`ENCRYPTION_KEY_FILE\`. An installation that has
a key already must be given that same key.

## Settings of the agents

Variables of the agents' own, such as \`ANTHROPIC_API_KEY\`, \`ANTHROPIC_BASE_URL\`, \`CLAUDE_CODE_USE_BEDROCK\` and \`AWS_*\`, are handed to the processes of the
agents and to nothing else. The settings above never are.
`
}

function sectionTable(section: string): string {
  const rows = settingNames()
    .filter((name) => SETTING_TEXTS[name].section === section)
    .map((name) => {
      const { text, values = '' } = SETTING_TEXTS[name]
      return [variableText(SETTINGS[name]), text, values, fallbackText(name)]
    })
  return table(['Variable', 'What it does', 'Value', 'Default'], rows)
}

function settingNames(): SettingName[] {
  const names = new Set(Object.keys(SETTINGS))
  return keysOf(SETTING_TEXTS).filter((name) => names.has(name))
}

function keysOf<Key extends string>(record: Record<Key, unknown>): Key[] {
  const keys: Key[] = []
  for (const key in record) keys.push(key)
  return keys
}

function variableText({ variable, alias }: Pick<Setting<unknown>, 'variable' | 'alias'>): string {
  return alias === undefined ? code(variable) : `${code(variable)}, also ${code(alias)}`
}

/** The default in words, or the value itself where it is the same on every machine. */
function fallbackText(name: SettingName): string {
  const { fallback } = SETTING_TEXTS[name]
  if (fallback !== undefined) return fallback
  const value = SETTINGS[name].fallback()
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return code(String(value))
  throw new Error(`The default of ${name} needs words in configuration-texts.ts.`)
}
