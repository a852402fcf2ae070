import type { CageContents, CagedCommand } from './cage.ts'

/**
 * What root may do inside that would take it out again: mount and unmount, trace, load code into the kernel, read disks
 * past the file system. What a system administrator's work on files and packages needs stays.
 */
const TAKEN_FROM_ROOT = [
  'CAP_SYS_ADMIN',
  'CAP_SYS_PTRACE',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_BOOT',
  'CAP_SYS_CHROOT',
  'CAP_SYS_TIME',
  'CAP_MKNOD',
  'CAP_DAC_READ_SEARCH',
  'CAP_NET_ADMIN',
  'CAP_SYSLOG',
  'CAP_BPF',
  'CAP_PERFMON',
  'CAP_CHECKPOINT_RESTORE',
  'CAP_MAC_ADMIN',
  'CAP_MAC_OVERRIDE',
]

/**
 * A command in mount and process namespaces of its own (bubblewrap): the secrets are covered, `/proc` shows what runs inside
 * alone, and all of it dies with the server. Everything else is as outside, the network and the user's files included.
 * @param asRoot whether the command will run as root, who needs less for getting out
 */
export function bubblewrapCommand(
  bwrap: string,
  { hiddenFolder, hiddenFiles, readOnly }: CageContents,
  { asRoot }: { asRoot: boolean },
  { command, args }: CagedCommand,
): CagedCommand {
  return {
    command: bwrap,
    args: [
      ...['--dev-bind', '/', '/'],
      // Root could read a disk's device; whoever is not root has no right to.
      ...(asRoot ? ['--dev', '/dev'] : []),
      ...readOnly.flatMap((path) => ['--ro-bind', path, path]),
      ...hiddenFiles.flatMap((path) => ['--ro-bind', '/dev/null', path]),
      ...['--tmpfs', hiddenFolder, '--remount-ro', hiddenFolder],
      ...['--unshare-pid', '--proc', '/proc', '--die-with-parent'],
      ...(asRoot ? TAKEN_FROM_ROOT.flatMap((capability) => ['--cap-drop', capability]) : []),
      '--',
      command,
      ...args,
    ],
  }
}
