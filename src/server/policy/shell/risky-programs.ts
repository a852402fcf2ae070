import { knownOptions } from './read-only-programs.ts'
import { gitRisk } from './risky-git.ts'

/*
 * What no rule with a wildcard covers: programs that run other programs, and options that make harmless ones do so. A
 * rule for one exact call still may.
 */

const RUNNERS = new Set(
  [
    // Shells, and builtins that evaluate text in some shell: `test -v 'a[$(id)]'`, zsh's `printf %d`.
    'sh bash dash ash zsh ksh mksh fish csh tcsh busybox toybox nu xonsh elvish oil osh rbash command exec eval source . builtin trap test [ printf kill',
    // Wrappers, and what runs something later or elsewhere.
    'env sudo doas su sg newgrp pkexec runuser runcon setpriv chroot unshare nsenter bwrap firejail proot fakeroot fakechroot xargs parallel timeout nice ionice chrt taskset ' +
      'nohup setsid stdbuf script expect unbuffer rlwrap watch entr time flock prlimit numactl cgexec chpst catchsegv faketime dbus-run-session xvfb-run ' +
      'systemd-run systemctl machinectl service launchctl crontab at batch screen tmux zellij dtach run-parts start-stop-daemon xdg-open open gio snap flatpak ' +
      'ssh ssh-add ssh-agent ssh-keygen ssh-copy-id mosh scp sftp rsync rclone curl wget aria2c lynx w3m httpie http nc ncat netcat socat telnet ftp tftp docker podman nerdctl buildah kubectl helm ' +
      'vagrant ansible ansible-playbook terraform tofu pulumi gh glab aws gcloud az',
    // Interpreters.
    'python python2 python3 pypy pypy3 ipython node nodejs deno bun ruby irb perl php lua luajit tclsh wish osascript pwsh powershell java jshell groovy kotlin scala dotnet mono erl escript elixir iex ' +
      'R Rscript julia ghci runghc ghc ocaml guile racket sbcl clisp ecl gosh raku swift dart octave gnuplot maxima gforth tsx ts-node jiti esno m4 dc bc make gmake bmake qmake cmake ninja meson',
    // Editors, pagers, and languages of text tools.
    'awk gawk mawk nawk busybox-awk sed gsed ed ex vi vim vimdiff view nvim nano pico emacs emacsclient micro hx kak less more most man info pg sdiff patch split csplit find fd fdfind bfs locate',
    // What runs what the project says: package managers, build and test tools.
    'npx pnpx bunx npm pnpm yarn corepack nvm volta fnm lerna nx turbo pip pip3 pipx uv uvx poetry pdm hatch conda mamba pytest tox nox cargo rustup go gradle gradlew mvn mvnw ant sbt lein mix rebar3 ' +
      'rake bundle gem composer cabal stack dune opam bazel buck buck2 just task mask invoke fab jest vitest mocha ava karma cypress playwright eslint prettier webpack vite rollup gulp grunt ' +
      'gcc g++ cc c++ clang clang++ ld gold lld ar as rustc javac latex pdflatex xelatex lualatex tex pandoc pre-commit husky lefthook direnv asdf mise',
    // Archives, debuggers, databases and others with a way to a shell.
    'tar bsdtar zip unzip 7z 7za rar unrar cpio pax gdb lldb strace ltrace perf valgrind rr ld.so openssl gpg gpg2 git-shell git-upload-pack git-receive-pack svn hg bzr fossil cvs ' +
      'sqlite3 psql mysql mariadb mongo mongosh redis-cli ffmpeg convert magick gs dd mount umount insmod modprobe mkfs reboot shutdown claude codex gemini opencode aider cursor',
  ]
    .join(' ')
    .split(' '),
)

const VERSIONED_RUNNER = /^(?:python|pypy|ruby|perl|node|php|lua|gcc|g\+\+|clang|clang\+\+|java|ld-linux.*)[-.\d]+(?:so[.\d]*)?$/

/** Programs that copy whole folders, control files in them included. */
const COPIERS = new Set(['cp', 'mv', 'ln', 'install', 'rm', 'chmod', 'chown'])
const RECURSIVE = /^(?:-[a-zA-Z]*[rRaT][a-zA-Z]*|--(?:r|a|n|t).*)$/
/** Options, abbreviated too, of programs without a grammar that run something or write somewhere. */
const OPTIONS: ReadonlyMap<string, RegExp> = new Map([
  ...[...COPIERS].map((name) => [name, RECURSIVE] as const),
  ['tree', /^(?:-.*[oR].*|--o.*|--f.*)$/],
  ['jq', /^(?:-L.*|--l.*|-f.*|--f.*|--raw.*|--sl.*|--args.*)$/],
])

/** Why a wildcard rule must not cover this call; null where it may. */
export function whyTooBroad(words: readonly string[]): string | null {
  const [program = ''] = words
  const name = program.slice(program.lastIndexOf('/') + 1)
  if (isRunner(name)) return `"${name}" runs other programs`
  if (program !== name) return 'names a program by its path'
  if (name === 'git') return gitRisk(words)
  return hasUnknownOption(name, words) ? `has an option of "${name}" that is not known to be harmless` : null
}

/** Some file systems find `Env` where there is `env`. */
function isRunner(name: string): boolean {
  const lower = name.toLowerCase()
  return RUNNERS.has(name) || RUNNERS.has(lower) || VERSIONED_RUNNER.test(lower)
}

function hasUnknownOption(name: string, words: readonly string[]): boolean {
  const risky = OPTIONS.get(name)
  return knownOptions(words) === false || (risky !== undefined && words.slice(1).some((word) => risky.test(word)))
}
