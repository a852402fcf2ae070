import { homedir } from 'node:os'
import { sep } from 'node:path'
import { isWithin } from '../platform/safe-path.ts'
import { foldedName } from './folded-name.ts'

/**
 * What decides what agents, shells, git or a build run next. Compared as the laxest file system compares names, and never
 * covered by a rule with a wildcard.
 */
const CONTROL_FOLDERS = words(
  '.git .claude .codex .cursor .gemini .opencode .windsurf .continue .roo .kiro .amazonq .aider .vscode .idea .zed .husky .github .gitlab .gitea .forgejo .circleci .buildkite ' +
    '.woodpecker .devcontainer .zsh .oh-my-zsh .bashrc.d .profile.d',
)
const CONTROL_FILES = words(
  '.mcp.json .claude.json .envrc .bashrc .bash_profile .bash_login .bash_logout .bash_aliases .zshrc .zprofile .zshenv .zlogin .zlogout .profile .kshrc .cshrc .tcshrc .login .inputrc config.fish ' +
    '.gitconfig .gitmodules .gitattributes .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs .pypirc pip.conf .condarc .cargo .curlrc .wgetrc .ripgreprc .vimrc .nvimrc .exrc .gdbinit .lldbinit .tmux.conf .screenrc ' +
    '.sqliterc .psqlrc .irbrc .pryrc .pdbrc .pythonrc sitecustomize.py usercustomize.py .gitlab-ci.yml .travis.yml appveyor.yml azure-pipelines.yml bitbucket-pipelines.yml .drone.yml .woodpecker.yml ' +
    'cloudbuild.yaml buildspec.yml jenkinsfile package.json claude.md claude.local.md agents.md gemini.md copilot-instructions.md .cursorrules .windsurfrules .clinerules .pre-commit-config.yaml lefthook.yml',
)
/** What a build, a test or an installation runs. */
const BUILD_FOLDERS = words('node_modules site-packages .venv')
const BUILD_FILES = words(
  'makefile gnumakefile justfile rakefile gemfile taskfile.yml dockerfile containerfile compose.yaml compose.yml docker-compose.yml docker-compose.yaml procfile cmakelists.txt meson.build build.rs ' +
    'build.gradle build.gradle.kts settings.gradle settings.gradle.kts gradlew gradle-wrapper.properties pom.xml build.xml build.sbt setup.py setup.cfg conftest.py pyproject.toml tox.ini noxfile.py pipfile ' +
    'requirements.txt cargo.toml go.mod composer.json deno.json deno.jsonc bunfig.toml turbo.json nx.json lerna.json pnpm-workspace.yaml .tool-versions mise.toml .mise.toml .nvmrc ' +
    'package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb cargo.lock poetry.lock uv.lock pipfile.lock gemfile.lock composer.lock go.sum deno.lock flake.nix flake.lock shell.nix default.nix',
)
/** Where secrets lie: what an agent reads there it may send anywhere. */
const SECRET_FOLDERS = words('.ssh .aws .gnupg .kube .azure .docker .password-store')
const SECRET_FILE =
  /^(?:\.env(?:\..+)?|\.netrc|\.pgpass|\.git-credentials|id_(?:rsa|dsa|ecdsa|ed25519).*|.*\.(?:pem|key|p12|pfx|keystore|jks|kdbx)|credentials(?:\.json)?|secrets?\.(?:json|ya?ml|toml)|.*\.tfstate)$/
const NOT_SECRET = /\.(?:example|sample|template|dist)$/

/** What is special about a path, as the end of a sentence about writing there; null for an ordinary one. */
export function controlFault(path: string): string | null {
  const segments = foldedName(path).split(sep)
  const name = segments.at(-1) ?? ''
  if (segments.some((segment) => CONTROL_FOLDERS.has(segment)) || CONTROL_FILES.has(name)) return OBEYED
  if (secretFault(path) !== null) return 'changes a file that holds secrets'
  return segments.some((segment) => BUILD_FOLDERS.has(segment)) || BUILD_FILES.has(name)
    ? 'changes what a build or an installation runs'
    : null
}

const OBEYED = 'changes a file that other tools obey'

/** Whether writing there is of high risk: what is obeyed without anybody naming it, and secrets. */
export function isHighRisk(fault: string): boolean {
  return fault === OBEYED || fault === 'changes a file that holds secrets'
}

/** The same about reading. */
export function secretFault(path: string): string | null {
  const segments = foldedName(path).split(sep)
  const name = segments.at(-1) ?? ''
  const isSecret = SECRET_FILE.test(name) && !NOT_SECRET.test(name)
  return isSecret || segments.some((segment) => SECRET_FOLDERS.has(segment)) ? 'reads a file that holds secrets' : null
}

/** A path as it is judged: from the project's folder on where it lies there, since how that is called is nobody's fault. */
export function belowFolder(path: string, folder: string | null): string {
  return folder !== null && isWithin(folder, path) ? path.slice(folder.length) : path
}

/** `~` and what follows it, as a person writes it in a rule. */
export function withoutTilde(pattern: string): string {
  return pattern === '~' || pattern.startsWith('~/') ? homedir() + pattern.slice(1) : pattern
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '))
}
