/** Programs whose purpose is the network. */
export const NETWORK_PROGRAMS = 'curl wget ssh scp sftp rsync nc ncat socat telnet ftp'.split(' ')

type Rest = readonly string[]
const has = (rest: Rest, pattern: RegExp) => rest.some((word) => pattern.test(word))
const always = () => true

/** What makes a program dangerous, by its name, with its other words. */
const SEVERE: readonly [programs: string, when: (rest: Rest) => boolean, reason: string][] = [
  ['rm', (rest) => has(rest, /^-[a-zA-Z]*[rRf]|^--(?:r|f)/), 'deletes files without asking'],
  ['find', (rest) => rest.includes('-delete'), 'deletes files without asking'],
  ['sudo doas su pkexec runuser', always, 'runs with more rights'],
  ['git', (rest) => rest.includes('push') && has(rest, /^-[a-zA-Z]*f|^--f|^--m|^--d|^[+:]/), 'overwrites history on a server'],
  ['git', (rest) => has(rest, /^--hard$/) || (rest.includes('clean') && has(rest, /^-[a-zA-Z]*[fd]|^--f/)), 'throws away local changes'],
  [
    'git',
    (rest) => rest.includes('restore') || (rest.includes('checkout') && has(rest, /^(?:--|-f|--force|\.)$/)),
    'throws away local changes',
  ],
  [
    'git',
    (rest) => has(rest, /^(?:-c|--exec|--upload-p|--receive-p|--config-e|--ext-d)/) || has(rest, /::/),
    'has git run another program',
  ],
  ['npm pnpm yarn cargo gem twine poetry', (rest) => has(rest, /^(?:publish|upload|push)$/), 'publishes a package'],
  ['dd mkfs shred fdisk parted wipefs', always, 'can destroy a disk'],
  ['chmod', (rest) => has(rest, /^[0-7]*77$|^[ao]*\+.*[wst]/), 'changes rights of files'],
  ['chown chgrp', (rest) => has(rest, /^-[a-zA-Z]*R|^--r/), 'changes rights of files'],
  ['kill killall pkill', always, 'ends processes'],
  ['shutdown reboot halt poweroff', always, 'stops the machine'],
  ['crontab at systemctl launchctl', always, 'runs something later or as a service'],
  ['tar', (rest) => has(rest, /^--(?:ch|to-c|use|rsh|info-s)|^-I/), 'has tar run another program'],
  ['rg', (rest) => has(rest, /^--(?:pre|hostname)/), 'has rg run another program'],
  ['sort', (rest) => has(rest, /^--comp/), 'has sort run another program'],
]
const MILD: readonly [programs: string, when: (rest: Rest) => boolean, reason: string][] = [
  [NETWORK_PROGRAMS.join(' '), always, 'uses the network'],
  ['git', (rest) => has(rest, /^(?:push|pull|fetch|clone)$/), 'uses the network'],
  ['npm pnpm yarn', (rest) => has(rest, /^(?:install|i|ci|add|update|exec|dlx)$/), 'uses the network'],
  ['pip pip3 uv gem cargo go', (rest) => has(rest, /^(?:install|add|get|sync)$/), 'uses the network'],
  [
    'python python2 python3 node perl ruby php sh bash dash zsh',
    (rest) => has(rest, /^(?:-[a-zA-Z]*[ce]|--eval|--print)$/),
    'runs a text as a program',
  ],
]
const SECRET =
  /(?:^|[/=@])(?:\.ssh|\.aws|\.gnupg|\.netrc|\.env(?!\.(?:example|sample|template|dist)$)(?:\.[\w-]+)?|id_rsa|id_ed25519|credentials(?:\.json)?)(?:$|\/)/i

/** The findings for one simple command, whatever it may run in turn aside. */
export function findingsOfProgram(words: readonly string[]): { severe: string[]; mild: string[] } {
  const [program = '', ...rest] = words
  const name = program.slice(program.lastIndexOf('/') + 1).replace(/^mkfs\..*/, 'mkfs')
  const reasons = (table: typeof SEVERE) =>
    table.filter(([programs, when]) => programs.split(' ').includes(name) && when(rest)).map(([, , reason]) => reason)
  const secret = has(rest, SECRET) ? ['touches secrets'] : []
  return { severe: [...reasons(SEVERE), ...secret], mild: reasons(MILD) }
}
