import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { DEPLOY, needTool, runTool } from '../support/deploy-tools.ts'

/* The systemd unit, as systemd itself judges it; nothing is installed or started. */

const UNIT = `${DEPLOY}/systemd/ai-code-ui.service`
/** Tenths of systemd's scale of exposure, which begins at 0; without any of the restrictions the unit has 92. */
const MOST_EXPOSURE = 30
/** What an agent's cage needs: restrictions that would take it away must not come back. */
const NOT_RESTRICTED = ['ProtectKernelTunables', 'ProtectKernelLogs', 'ProtectProc', 'ProcSubset', 'MemoryDenyWriteExecute', 'PrivateUsers']

test('the unit exposes less than systemd calls medium', async ({ skip }) => {
  const analyze = needTool('systemd-analyze', skip)
  const { exitCode, output } = await runTool(analyze, [
    'security',
    '--no-pager',
    '--offline=yes',
    `--threshold=${String(MOST_EXPOSURE)}`,
    UNIT,
  ])
  expect(output).toMatch(/Overall exposure level for ai-code-ui.service: [012]\.\d/)
  expect(exitCode).toBe(0)
})

test('systemd knows every line of the unit', async ({ skip }) => {
  const { output } = await runTool(needTool('systemd-analyze', skip), ['verify', '--no-pager', '--man=no', UNIT])
  // It is not installed here, and that alone may be wrong with it.
  const complaints = output
    .split('\n')
    .filter((line) => line.includes('ai-code-ui.service') && !line.includes('bin/ai-code-ui.js is not executable'))
  expect(complaints).toEqual([])
})

test('agents can have their cage: system calls and namespaces of bubblewrap are let through', async ({ skip }) => {
  const unit = await readFile(UNIT, 'utf8')
  expect(/^RestrictNamespaces=(.*)$/m.exec(unit)?.[1]?.split(' ').sort()).toEqual(['mnt', 'pid', 'user'])
  for (const name of NOT_RESTRICTED) expect(unit).not.toMatch(new RegExp(`^${name}=`, 'm'))

  const { output } = await runTool(needTool('systemd-analyze', skip), ['syscall-filter', '--no-pager'])
  const groups = new Map(
    output
      .split(/\n(?=@)/)
      .map((block) => block.split('\n').map((line) => line.trim()))
      .map(([name = '', ...rest]) => [name, rest.filter((line) => /^[@a-z]/.test(line) && !line.startsWith('#'))] as const),
  )
  const expand = (name: string): string[] => (groups.get(name) ?? [name]).flatMap((each) => (each.startsWith('@') ? expand(each) : [each]))
  const allowed = new Set<string>()
  for (const [, not, names = ''] of unit.matchAll(/^SystemCallFilter=(~?)(.*)$/gm)) {
    for (const call of names.split(' ').flatMap(expand)) {
      if (not === '~') allowed.delete(call)
      else allowed.add(call)
    }
  }
  const needed = ['clone', 'unshare', 'mount', 'umount2', 'pivot_root', 'capset', 'setresuid', 'prctl']
  expect(needed.filter((call) => !allowed.has(call))).toEqual([])
  expect(['reboot', 'init_module', 'kexec_load', 'bpf', 'ptrace', 'swapon', 'settimeofday'].filter((call) => allowed.has(call))).toEqual([])
})
