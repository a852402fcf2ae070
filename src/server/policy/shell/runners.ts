/**
 * Programs that run other programs, or what a text or a file of the folder tells them. `shell`: texts in the shell's
 * language. `wrapper`: the program that its own words name. `interpreter`: texts in languages of their own. `project`:
 * what the folder says, such as its scripts and tests. `other`: editors, archivers, databases and whatever else has a
 * way to a shell.
 */
export type RunnerKind = 'shell' | 'wrapper' | 'interpreter' | 'project' | 'other'

const KINDS: Readonly<Record<RunnerKind, string>> = {
  // Also builtins that evaluate text in some shell: `test -v 'a[$(id)]'`, zsh's `printf %d`.
  shell:
    'sh bash dash ash zsh ksh mksh fish csh tcsh busybox toybox nu xonsh elvish oil osh rbash eval source . trap alias test [ printf kill git-shell',
  wrapper:
    'command exec builtin env sudo doas su sg newgrp pkexec runuser runcon setpriv chroot unshare nsenter bwrap firejail proot fakeroot fakechroot xargs parallel timeout nice ionice chrt taskset ' +
    'nohup setsid stdbuf script expect unbuffer rlwrap watch entr time flock prlimit numactl cgexec chpst catchsegv faketime dbus-run-session xvfb-run ' +
    'systemd-run systemd-inhibit systemd-cat systemctl machinectl service launchctl crontab at batch screen tmux tmate zellij dtach abduco run-parts start-stop-daemon daemonize xdg-open open gio snap flatpak ' +
    'genv gtimeout gnice gnohup gxargs gstdbuf gchroot caffeinate sandbox-exec arch setarch linux32 linux64 i386 x86_64 cpulimit choom eatmydata chronic ifne mispipe pee vipe hyperfine ' +
    'gosu su-exec tini dumb-init s6-setuidgid softlimit setuidgid proxychains proxychains4 torsocks torify tsocks sshpass noglob nocorrect repeat coproc find gfind fd fdfind bfs ' +
    'ssh ssh-add ssh-agent ssh-keygen ssh-copy-id mosh docker podman nerdctl apptainer singularity distrobox toolbox lxc kubectl gdb lldb strace ltrace perf valgrind rr ld.so npx pnpx bunx uvx pipx dotenv direnv mise asdf',
  interpreter:
    'python python2 python3 pypy pypy3 ipython jupyter node nodejs deno bun ruby irb perl php lua luajit tclsh wish osascript pwsh powershell java jshell groovy kotlin scala dotnet mono erl escript elixir iex ' +
    'R Rscript julia ghci runghc ghc ocaml guile racket sbcl clisp ecl gosh raku swift dart octave gnuplot maxima gforth tsx ts-node jiti esno zx m4 dc bc awk gawk mawk nawk busybox-awk sed gsed ed ex',
  project:
    'npm pnpm yarn corepack nvm volta fnm lerna nx turbo pip pip3 uv poetry pdm hatch conda mamba pytest tox nox coverage cargo rustup go gradle gradlew mvn mvnw ant sbt lein mix rebar3 ' +
    'rake bundle gem rails rspec rubocop composer phpunit phpstan psalm artisan cabal stack dune opam bazel buck buck2 just task mask invoke fab make gmake bmake qmake cmake ctest ninja meson scons waf ' +
    'jest vitest mocha ava karma tap nyc c8 cypress playwright eslint stylelint prettier webpack vite rollup parcel gulp grunt next nuxt astro remix ng storybook lint-staged commitlint concurrently npm-run-all run-s run-p nodemon pm2 ' +
    'forever knip typedoc semantic-release mypy pylint flake8 sphinx-build mkdocs django-admin flask uvicorn gunicorn celery alembic jekyll hugo msbuild nuget xcodebuild fastlane pod carthage flutter zig nim crystal ' +
    'gcc g++ cc c++ clang clang++ ld gold lld ar as rustc javac kotlinc scalac latex pdflatex xelatex lualatex tex latexmk pandoc pre-commit husky lefthook act earthly dagger tilt',
  other:
    'curl wget aria2c lynx w3m httpie http https xh nc ncat netcat socat telnet ftp tftp lftp scp sftp rsync rclone buildah helm helmfile kustomize minikube skaffold nix nix-shell nix-build nix-env guix brew apt apt-get aptitude dpkg yum dnf rpm ' +
    'pacman apk port update-alternatives alternatives vagrant packer nomad ansible ansible-playbook puppet chef salt terraform terragrunt tofu pulumi gh glab aws gcloud az cdk sam serverless firebase vercel netlify wrangler flyctl heroku ' +
    'vi vim vimdiff view nvim nano pico emacs emacsclient micro hx kak less more most man info pg mc ranger nnn lf vifm fzf peco sk dialog sdiff patch split gsplit csplit locate vipw visudo mail mailx mutt sendmail ip tcpdump nmap ' +
    'tar gtar bsdtar zip unzip 7z 7za rar unrar cpio pax ar openssl gpg gpg2 git-upload-pack git-receive-pack git-lfs svn hg bzr fossil cvs jj ' +
    'sqlite3 psql mysql mariadb mongo mongosh redis-cli ffmpeg convert magick gs dd mount umount insmod modprobe mkfs reboot shutdown sponge uudecode shar claude codex gemini opencode aider cursor cursor-agent copilot code codium',
}

const KIND_OF: ReadonlyMap<string, RunnerKind> = new Map(
  (['other', 'project', 'interpreter', 'wrapper', 'shell'] as const).flatMap((kind) =>
    KINDS[kind].split(' ').map((name) => [name, kind] as const),
  ),
)
const VERSIONED = /^(python|pypy|ruby|perl|node|php|lua|gcc|g\+\+|clang|clang\+\+|java|ld-linux.*)[-.\d]+(?:so[.\d]*)?$/

/** What a program of this name runs; null for one that is not known to run anything. Some file systems find `Env` where there is `env`. */
export function runnerKind(name: string): RunnerKind | null {
  const lower = name.toLowerCase()
  const plain = VERSIONED.exec(lower)?.[1] ?? lower
  return KIND_OF.get(name) ?? KIND_OF.get(lower) ?? KIND_OF.get(plain) ?? (plain === lower ? null : 'other')
}

/** The name of a program, as a word that may be a path names it. */
export function programName(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1)
}
