import { findingsOfProgram, NETWORK_PROGRAMS } from './program-risk.ts'
import { understandCommandLine, type Understood } from './simple-commands.ts'

/** What is dangerous about a command line, in words: for the person who decides, never to allow anything. */
export interface CommandFindings {
  severe: string[]
  mild: string[]
}

/** How deep commands in commands are looked at. */
const MAX_DEPTH = 5
const INTERPRETERS = new Set('sh bash dash zsh ksh fish python python2 python3 node perl ruby php'.split(' '))

/** Only for texts that cannot be read as simple commands; a text can fool these. */
const DANGEROUS_TEXT: readonly [RegExp, string][] = [
  [/\brm\s+(?:-\w*\s+)*-\w*[rf]/, 'deletes files without asking'],
  [/\b(?:sudo|doas|su)\b/, 'runs with more rights'],
  [/\bgit\s+push\b.*(?:--force|-f\b|\+\w)/, 'overwrites history on a server'],
  [/\bgit\s+(?:reset\s+--hard|clean\s+-\w*[fd]|checkout\s+--?\s)/, 'throws away local changes'],
  [/\b(?:npm|pnpm|yarn|cargo|gem|twine)\s+publish\b/, 'publishes a package'],
  [/\b(?:curl|wget)\b[^|;]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b/, 'runs a script from the network'],
  [/\b(?:base64|xxd|openssl)\b[^;]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b/, 'decodes a text and runs it'],
  [/\b(?:mkfs|dd|shred|fdisk)\b/, 'can destroy a disk'],
  [/\bchmod\s+(?:-R\s+)?[0-7]*7{2}\b|\bchown\s+-R\b/, 'changes rights of files'],
  [/(?:\.ssh|\.aws|\.gnupg|\.netrc|id_rsa|id_ed25519|credentials)\b|(?:^|[\s/'"=])\.env\b/, 'touches secrets'],
  [/\b(?:kill(?:all)?|pkill)\b/, 'ends processes'],
  [/\b(?:LD_PRELOAD|GIT_SSH_COMMAND|GIT_PAGER|BASH_ENV|NODE_OPTIONS|PATH)=/, 'sets a variable that decides what runs'],
  [/\bgit\b.*\s(?:-c\s*\S*=|--upload-pack|--exec-path|--receive-pack|--config-env)/, 'has git run another program'],
]
const NETWORK_TEXT = new RegExp(
  `\\b(?:${NETWORK_PROGRAMS.join('|')}|git\\s+(?:push|pull|fetch|clone)|npm\\s+(?:install|i|ci)|pip\\s+install)\\b`,
)

/** The findings for a command line, commands in commands included. */
export function commandFindings(text: string, understood: Understood = understandCommandLine(text), depth = 0): CommandFindings {
  const findings = understood.kind === 'simple' ? findingsOfAll(understood, depth) : findingsOfText(text, understood.why)
  return { severe: [...new Set(findings.severe)], mild: [...new Set(findings.mild)] }
}

function findingsOfText(text: string, why: string): CommandFindings {
  const mild = [`cannot be analysed: ${why}`]
  // Long texts are cut, so that no pattern takes long; they are unusual enough to be severe.
  const head = text.slice(0, 8000)
  if (NETWORK_TEXT.test(head)) mild.push('uses the network')
  const severe = DANGEROUS_TEXT.filter(([pattern]) => pattern.test(head)).map(([, reason]) => reason)
  return { severe: text.length > head.length ? [...severe, 'is too long to be looked at as a whole'] : severe, mild }
}

function findingsOfAll({ commands }: Extract<Understood, { kind: 'simple' }>, depth: number): CommandFindings {
  const each = commands.map(({ words }) => findingsOf(words, depth))
  const innermost = commands.map(({ words }) => unwrapped(words))
  const names = innermost.map(programOf)
  const last = innermost.findLastIndex(
    (words) => INTERPRETERS.has(programOf(words)) && words.slice(1).every((word) => word.startsWith('-')),
  )
  const before = names.slice(0, Math.max(0, last))
  const severe = each.flatMap((findings) => findings.severe)
  if (before.some((name) => name === 'curl' || name === 'wget')) severe.push('runs a script from the network')
  else if (before.some((name) => name === 'base64' || name === 'xxd' || name === 'openssl')) severe.push('decodes a text and runs it')
  else if (last > 0) severe.push('runs the output of another program')
  return { severe, mild: each.flatMap((findings) => findings.mild) }
}

function findingsOf(words: readonly string[], depth: number): CommandFindings {
  const own = findingsOfProgram(words)
  const inner = depth < MAX_DEPTH ? innerOf(words) : null
  if (inner === null) return own
  const found = typeof inner === 'string' ? commandFindings(inner, understandCommandLine(inner), depth + 1) : findingsOf(inner, depth + 1)
  return { severe: [...own.severe, ...found.severe], mild: [...own.mild, 'runs another program', ...found.mild] }
}

const WRAPPERS = new Set('env sudo doas timeout nice ionice nohup setsid stdbuf xargs time watch command exec npx bunx'.split(' '))

/** What a wrapper or a shell is told to run; null where there is nothing of the kind. */
function innerOf(words: readonly string[]): readonly string[] | string | null {
  const name = programOf(words)
  if (INTERPRETERS.has(name)) {
    const at = words.findIndex((word) => /^-[a-z]*c$/.test(word))
    return at > 0 && name.endsWith('sh') ? (words[at + 1] ?? null) : null
  }
  const exec = name === 'find' ? words.findIndex((word) => /^-(?:exec|ok)/.test(word)) : -1
  if (exec > 0) return words.slice(exec + 1)
  if (!WRAPPERS.has(name)) return null
  // Options, their numbers and assignments come before the program.
  const at = words.findIndex((word, index) => index > 0 && !/^-|=|^[\d.]+[smhd]?$/.test(word))
  return at > 0 ? words.slice(at) : null
}

function unwrapped(words: readonly string[]): readonly string[] {
  let found = words
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const inner = innerOf(found)
    if (inner === null || typeof inner === 'string') return found
    found = inner
  }
  return found
}

function programOf([program = '']: readonly string[]): string {
  return program.slice(program.lastIndexOf('/') + 1)
}
