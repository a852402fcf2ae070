import { dirname } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
import { DEPLOY, needTool, runTool } from '../support/deploy-tools.ts'

/*
 * The examples of firewall rules, loaded by the real tools into network namespaces of their own: the network of this machine
 * is not touched. What a stranger reaches there is tried by connecting.
 */

const PROBE = `${dirname(import.meta.dirname)}/support/netns-probe.sh`
/** Processes of its own, too: whatever the script started ends with it. */
const NAMESPACES = ['-rn', '--pid', '--fork', '--kill-child', '--mount-proc']
const NFT = `${DEPLOY}/firewall/nftables.conf`

async function needNamespaces(skip: TestContext['skip']): Promise<string> {
  const unshare = needTool('unshare', skip)
  const { exitCode, output } = await runTool(unshare, [...NAMESPACES, 'true'])
  if (exitCode === 0) return unshare
  if (process.env.CI) throw new Error(`Network namespaces cannot be made here: ${output}`)
  return skip('Network namespaces cannot be made here without root.')
}

/** What a stranger gets on each address and port of the host, once `rules` are loaded. */
async function reach(skip: TestContext['skip'], rules: readonly string[]): Promise<Record<string, string>> {
  const unshare = await needNamespaces(skip)
  const { output } = await runTool(unshare, [...NAMESPACES, 'timeout', '-k', '1', '20', 'bash', PROBE, process.execPath, ...rules])
  const lines = output.split('\n').map((line) => /^(\S+ \d+) (open|closed|dropped)$/.exec(line))
  return Object.fromEntries(lines.filter((match) => match !== null).map(([, place = '', result = '']) => [place, result]))
}

const GUARDED = {
  '127.0.0.1 443': 'open',
  '198.51.100.1 22': 'open',
  '198.51.100.1 443': 'open',
  '198.51.100.1 3001': 'dropped',
  '198.51.100.1 8443': 'dropped',
  '2001:db8::1 22': 'open',
  '2001:db8::1 443': 'open',
  '2001:db8::1 3001': 'dropped',
  '2001:db8::1 8443': 'dropped',
}

test('PROXY-016: without rules, and with rules for INPUT alone, a port that Docker publishes is open to everybody', async ({ skip }) => {
  needTool('nft', skip)
  expect(await reach(skip, ['true'])).toMatchObject({ '198.51.100.1 3001': 'open', '198.51.100.1 8443': 'open' })
  const inputAlone = 'nft add table inet t; nft add chain inet t c "{ type filter hook input priority 0; policy drop; }"'
  expect(await reach(skip, ['sh', '-c', inputAlone])).toMatchObject({ '198.51.100.1 3001': 'open', '198.51.100.1 8443': 'dropped' })
})

test('PROXY-016: with the nftables example it is closed, over IPv4 and IPv6, and SSH and HTTPS are not', async ({ skip }) => {
  const nft = needTool('nft', skip)
  const unshare = await needNamespaces(skip)
  expect(await runTool(unshare, ['-rn', nft, '-c', '-f', NFT])).toEqual({ exitCode: 0, output: '' })
  // Twice, as after a change: the table is replaced and nothing is doubled.
  expect(await reach(skip, ['sh', '-c', `${nft} -f ${NFT} && ${nft} -f ${NFT}`])).toEqual(GUARDED)
})

test('PROXY-016: the same with the examples for iptables and ip6tables', async ({ skip }) => {
  const restore = needTool('iptables-restore', skip)
  const unshare = await needNamespaces(skip)
  const rules4 = `${DEPLOY}/firewall/iptables.rules`
  const rules6 = `${DEPLOY}/firewall/ip6tables.rules`
  const restore6 = restore.replace('iptables', 'ip6tables')
  expect(await runTool(unshare, ['-rn', restore, '--test', rules4])).toEqual({ exitCode: 0, output: '' })
  expect(await runTool(unshare, ['-rn', restore6, '--test', rules6])).toEqual({ exitCode: 0, output: '' })
  expect(await reach(skip, ['sh', '-c', `${restore} --noflush ${rules4} && ${restore6} --noflush ${rules6}`])).toEqual(GUARDED)
})
