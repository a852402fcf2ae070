import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT, runCommand } from './run-command.ts'

/** CSS colour words that are likely to be typed by hand; `transparent` and `currentColor` are no colours. */
const COLOUR_WORDS =
  'black|white|gr[ae]y|silver|red|maroon|orange|yellow|olive|lime|green|teal|aqua|cyan|blue|navy|purple|fuchsia|magenta|pink|brown|gold|indigo|violet|tomato|crimson|coral|salmon|rebeccapurple'
const HEX = '#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\\b'
const COLOUR_FUNCTION = '\\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\\('

const STYLE_COLOUR = new RegExp(`${HEX}|${COLOUR_FUNCTION}|(?<![\\w-])(?:${COLOUR_WORDS})(?![\\w-])`, 'i')
const CODE_COLOUR = new RegExp(`['"\`\\s](?:${HEX}['"\`\\s]|${COLOUR_FUNCTION})`, 'i')
/** A rule that is silenced without ` -- ` and a reason. */
const BARE_SUPPRESSION = /(?:eslint-disable|biome-ignore|knip-ignore)(?!.*(?: -- |: )\S)/

export interface Finding {
  line: number
  problem: string
  text: string
}

/** Raw colours and unexplained suppressions in one file. `path` is relative to the repository. */
export function findForbiddenText(path: string, content: string): Finding[] {
  const colour = colourPattern(path)
  return withoutStyleComments(path, content)
    .split('\n')
    .flatMap((text, index) => {
      const found = (problem: string): Finding => ({ line: index + 1, problem, text: text.trim() })
      const hasColour = colour?.test(path.endsWith('.css') ? declaredValue(text) : text) ?? false
      return [
        ...(hasColour ? [found('raw colour: name it in src/web/styles/tokens.css')] : []),
        ...(BARE_SUPPRESSION.test(text) ? [found('silenced rule: say why after ` -- `, or mend it')] : []),
      ]
    })
}

function colourPattern(path: string): RegExp | undefined {
  if (!path.startsWith('src/web/') || path.endsWith('styles/tokens.css') || path.includes('.test.')) return undefined
  if (path.endsWith('.css')) return STYLE_COLOUR
  return /[.]tsx?$/.test(path) ? CODE_COLOUR : undefined
}

/** Blanks comments but keeps the line numbers. */
function withoutStyleComments(path: string, content: string): string {
  return path.endsWith('.css') ? content.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')) : content
}

/** The part of a CSS line that may name a colour: what follows a property's colon; names of classes and of variables are no colours. */
function declaredValue(line: string): string {
  const declaration = /^\s*[\w-]+\s*:\s*(.*)$/.exec(line)
  const value = declaration?.[1] ?? (line.includes('{') ? '' : line)
  return value.replace(/url\([^)]*\)/g, '').replace(/--[\w-]+/g, '')
}

async function main(): Promise<void> {
  const { output } = await runCommand([
    'git',
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    '--',
    'src',
    'test',
    'bench',
    'scripts',
    'bin',
  ])
  const paths = output.split('\n').filter((path) => /[.](tsx?|css|js|cjs)$/.test(path) && path !== 'scripts/check-source-text.ts')
  let findings = 0
  for (const path of paths) {
    const content = await readFile(join(ROOT, path), 'utf8').catch(() => '')
    for (const { line, problem, text } of findForbiddenText(path, content)) {
      findings += 1
      console.error(`${path}:${line}: ${problem}\n    ${text}`)
    }
  }
  if (findings > 0 || paths.length === 0) process.exitCode = 1
  else console.log(`${paths.length} files, no raw colour and no unexplained suppression.`)
}

if (import.meta.main) await main()
