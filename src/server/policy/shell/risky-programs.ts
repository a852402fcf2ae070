/*
 * What no rule with a wildcard covers: programs that run other programs, and options that make harmless ones do so. A
 * rule for one exact call still may.
 */

/** Shells, interpreters, wrappers, editors, pagers, package runners: what they run is in their arguments or in the folder. */
const RUNNERS = new Set(
  (
    'sh bash dash zsh ksh fish csh tcsh busybox env sudo doas su runuser setpriv chroot unshare nsenter bwrap firejail xargs parallel timeout nice ionice chrt taskset ' +
    'nohup setsid stdbuf script expect watch time command exec eval source . builtin trap ' +
    'python python2 python3 node deno bun ruby perl php lua tclsh osascript pwsh java dotnet erl elixir R Rscript julia ghci ' +
    'awk gawk mawk nawk sed ed ex vi vim nvim nano emacs less more man pico view ' +
    'npx pnpx bunx npm pnpm yarn pip pip3 pipx uv uvx poetry cargo go make gmake cmake ninja gradle mvn ant rake bundle composer tox nox just task ' +
    'ssh scp sftp rsync curl wget nc ncat socat telnet ftp docker podman kubectl systemctl crontab at batch ' +
    'find fd tar zip unzip 7z cpio ar gdb lldb strace ltrace perf ld.so busybox openssl gpg git-shell svn hg'
  ).split(' '),
)

const VERSIONED_RUNNER = /^(?:python|ruby|perl|node|php|lua)[\d.]+$/

/** Of git: what reads a program's name from its arguments, or writes where one says. */
const GIT_OPTIONS =
  /^(?:-c|-C|--exec-path.*|--git-dir.*|--work-tree.*|--namespace.*|--config-env.*|--upload-pack.*|--receive-pack.*|--exec.*|--output.*|-o|-O.*|--open-files-in-pager.*|--ext-diff|--textconv|--template.*|-u.*|--config.*|--separate-git-dir.*|--super-prefix.*|--edit|-e|--interactive|-i)$/
const GIT_VERBS = new Set(
  'bisect filter-branch submodule config rebase difftool mergetool worktree clone init daemon hook gc maintenance am fast-import credential help web--browse instaweb shell upload-pack receive-pack remote-ext archive bundle'.split(
    ' ',
  ),
)

/** Options of other programs that run something or write somewhere. */
const OPTIONS: ReadonlyMap<string, RegExp> = new Map([
  ['sort', /^(?:-o.*|--output.*|-T.*|--temporary-directory.*|--compress-program.*|--files0-from.*)$/],
  ['rg', /^(?:--pre.*|--hostname-bin.*|-f.*|--file.*|--search-zip|-z)$/],
  ['grep', /^(?:-f.*|--file.*)$/],
  ['tree', /^-o.*$/],
  ['date', /^(?:-s.*|--set.*|-f.*|--file.*)$/],
  ['diff', /^(?:--to-file.*|--from-file.*)$/],
  ['tail', /^(?:-f|-F|--follow.*)$/],
])

/** Why a wildcard rule must not cover this call; null where it may. */
export function whyTooBroad(words: readonly string[]): string | null {
  const [program = '', ...rest] = words
  const name = program.slice(program.lastIndexOf('/') + 1)
  if (RUNNERS.has(name) || VERSIONED_RUNNER.test(name)) return `"${name}" runs other programs`
  if (program !== name) return 'names a program by its path'
  if (name === 'git') return isRiskyGit(rest) ? 'has a git option or verb that can run other programs' : null
  const options = OPTIONS.get(name)
  return options !== undefined && rest.some((word) => options.test(word))
    ? `has an option of "${name}" that runs or writes something`
    : null
}

function isRiskyGit(rest: readonly string[]): boolean {
  const verb = rest.find((word) => !word.startsWith('-')) ?? ''
  return GIT_VERBS.has(verb) || rest.some((word) => GIT_OPTIONS.test(word))
}
