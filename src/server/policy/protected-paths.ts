import { homedir } from 'node:os'
import { sep } from 'node:path'

/**
 * Files that decide what agents, shells, git or a build run next, compared without regard to case since some file
 * systems have none. Never covered by a rule with a wildcard.
 */
const CONTROL_FOLDERS = new Set([
  '.git',
  '.claude',
  '.codex',
  '.cursor',
  '.gemini',
  '.opencode',
  '.vscode',
  '.idea',
  '.husky',
  '.github',
  '.gitlab',
  '.circleci',
  '.devcontainer',
])
const CONTROL_FILES = new Set(
  (
    '.mcp.json .envrc .bashrc .bash_profile .bash_login .bash_logout .bash_aliases .zshrc .zprofile .zshenv .zlogin .profile .inputrc .gitconfig .gitmodules .gitattributes ' +
    '.npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs package.json makefile gnumakefile justfile dockerfile compose.yaml docker-compose.yml .gitlab-ci.yml .travis.yml jenkinsfile ' +
    'claude.md claude.local.md agents.md gemini.md .cursorrules .pre-commit-config.yaml lefthook.yml setup.py conftest.py build.rs build.gradle gradlew'
  ).split(' '),
)
/** Where secrets lie: what an agent reads there it may send anywhere. */
const SECRET_FOLDERS = new Set(['.ssh', '.aws', '.gnupg', '.kube', '.azure', '.docker', '.password-store'])
const SECRET_FILE =
  /^(?:\.env(?:\..+)?|\.netrc|\.pgpass|\.git-credentials|id_(?:rsa|dsa|ecdsa|ed25519).*|.*\.(?:pem|key|p12|pfx|keystore|jks|kdbx)|credentials(?:\.json)?|secrets?\.(?:json|ya?ml|toml)|.*\.tfstate)$/
const NOT_SECRET = /\.(?:example|sample|template|dist)$/

/** What is special about a path, as the end of a sentence about writing there; null for an ordinary one. */
export function controlFault(path: string): string | null {
  const segments = path.toLowerCase().split(sep)
  const name = segments.at(-1) ?? ''
  if (segments.some((segment) => CONTROL_FOLDERS.has(segment)) || CONTROL_FILES.has(name)) return 'changes a file that other tools obey'
  return secretFault(path) === null ? null : 'changes a file that holds secrets'
}

/** The same about reading. */
export function secretFault(path: string): string | null {
  const segments = path.toLowerCase().split(sep)
  const name = segments.at(-1) ?? ''
  const isSecret = SECRET_FILE.test(name) && !NOT_SECRET.test(name)
  return isSecret || segments.some((segment) => SECRET_FOLDERS.has(segment)) ? 'reads a file that holds secrets' : null
}

/** `~` and what follows it, as a person writes it in a rule. */
export function withoutTilde(pattern: string): string {
  return pattern === '~' || pattern.startsWith('~/') ? homedir() + pattern.slice(1) : pattern
}
