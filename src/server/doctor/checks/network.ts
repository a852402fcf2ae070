import { BlockList, isIPv6 } from 'node:net'
import { isLoopback } from '../../platform/loopback.ts'
import { type Check, fail, type Finding, notApplicable, pass, unseen, warn } from '../check.ts'
import { exposureOf, publicUrls } from '../exposure.ts'
import type { Installation } from '../installation.ts'
import { settingFix } from '../place.ts'
import { listeningAddresses } from '../probe/listening.ts'
import { runTool } from '../probe/run-tool.ts'

export const NETWORK_CHECKS: readonly Check[] = [
  {
    id: 'network-bind-address',
    area: 'network',
    title: 'Other machines do not reach the server directly',
    severity: 'high',
    why: 'Whoever reaches the port can try passwords, and without TLS in between reads along.',
    fix: (installation) =>
      installation.place.manager.kind === 'container'
        ? {
            text: 'Publish the port on loopback of the host alone, as in 127.0.0.1:3001:3001.',
            command: 'docker compose -f deploy/docker/compose.yaml port server 3001',
          }
        : settingFix(installation, 'Listen on loopback and let a reverse proxy with TLS face the network.', 'HOST', '127.0.0.1'),
    references: { guide: ['before-5'], asvs: ['13.2.4'] },
    look: lookAtBinding,
  },
  {
    id: 'network-https',
    area: 'network',
    title: 'What crosses a network is encrypted',
    severity: 'critical',
    why: 'Without TLS, passwords, tokens and everything that agents do can be read and changed on the way.',
    fix: ({ place }) => ({
      text: 'Put a reverse proxy with TLS in front of the server and name it in TRUST_PROXY and ALLOWED_HOSTS.',
      command: place.setting('TRUST_PROXY', '127.0.0.1'),
    }),
    references: { guide: ['before-2'], asvs: ['12.2.1'] },
    look: lookAtHttps,
  },
  {
    id: 'network-trusted-proxies',
    area: 'network',
    title: 'Only known proxies are believed',
    severity: 'high',
    why: 'Whoever counts as a proxy can claim any address, and so get around limits and put false ones into the audit log.',
    fix: (installation) => settingFix(installation, 'Name the exact addresses of your proxies.', 'TRUST_PROXY', '127.0.0.1'),
    references: { guide: ['before-2'], asvs: ['4.1.3'] },
    look: lookAtProxies,
  },
  {
    id: 'network-forwarded-host',
    area: 'network',
    title: 'Forwarded headers of strangers are not believed',
    severity: 'high',
    why: 'A server that takes the name from X-Forwarded-Host of anybody can be made to answer as another site.',
    fix: (installation) => settingFix(installation, 'Trust no proxy that is not yours.', 'TRUST_PROXY', 'false'),
    references: { issue: ['http-hosts'], asvs: ['4.1.3'] },
    needs: 'server',
    look: lookAtForwardedHost,
  },
  {
    id: 'network-firewall',
    area: 'network',
    title: 'A firewall narrows who reaches the port',
    severity: 'medium',
    why: 'A setting that is changed by mistake must not open the port to everybody.',
    fix: ({ config: { port } }) => ({
      text: 'Let this machine alone reach the port, over IPv4 and IPv6. Ports that Docker publishes need the chain DOCKER-USER instead.',
      command: `sudo nft 'add table inet ai_code_ui; add chain inet ai_code_ui input { type filter hook input priority 0; }; add rule inet ai_code_ui input tcp dport ${String(port)} iifname != "lo" drop'`,
    }),
    references: { guide: ['before-5'] },
    look: lookAtFirewall,
  },
]

/** The kernel's list of sockets where it has one, else the setting. */
function lookAtBinding({ config, server, place }: Installation): Finding {
  const actual = server ? listeningAddresses(Number(server.url.port)) : null
  const addresses = actual === null || actual.length === 0 ? [config.host] : actual
  const open = addresses.filter((address) => !isLoopback(address))
  const seen = `It listens on ${addresses.join(', ')}${actual === null ? ', as configured' : ''}.`
  if (open.length === 0) return pass(seen)
  if (place.manager.kind === 'container')
    return warn(`${seen} That is inside its container; how far the host publishes it cannot be seen from here.`)
  return exposureOf(config) === 'open' && config.trustProxy.length === 0 ? fail(seen) : warn(seen)
}

function lookAtHttps({ config, server, place }: Installation): Finding {
  const exposure = exposureOf(config)
  if (server?.url.protocol === 'https:') return pass('The server speaks TLS itself.')
  const plain = publicUrls(config).filter(({ protocol }) => protocol === 'http:')
  if (plain.length > 0) return fail(`People reach it at ${plain.map(({ origin }) => origin).join(', ')}, without TLS.`)
  if (exposure === 'local') return notApplicable(`It listens on ${config.host} alone; nothing crosses a network.`)
  if (place.manager.kind === 'container') return lookInside(config)
  if (config.trustProxy.length === 0) return fail(`It listens on ${config.host} without TLS, and no proxy in front of it is known.`)
  return exposure === 'open'
    ? warn(`A proxy at ${config.trustProxy.join(', ')} is known, but ${config.host} can also be reached around it.`)
    : pass(`It listens on ${config.host}, behind the proxy at ${config.trustProxy.join(', ')}.`)
}

/** The host decides what of a container others reach. */
function lookInside({ trustProxy, host }: Installation['config']): Finding {
  return trustProxy.length > 0
    ? pass(`In its container it listens on ${host}, behind the proxy at ${trustProxy.join(', ')}.`)
    : warn(`In its container it listens on ${host} without TLS; how far the host publishes that cannot be seen from here.`)
}

function lookAtProxies({ config: { trustProxy } }: Installation): Finding {
  if (trustProxy.length === 0) return pass('No proxy is believed.')
  const wide = trustProxy.filter((proxy) => prefixOf(proxy) < (proxy.includes(':') ? 16 : 8))
  if (wide.length > 0) return fail(`TRUST_PROXY believes nearly everybody: ${wide.join(', ')}.`)
  const broad = trustProxy.filter((proxy) => prefixOf(proxy) < (proxy.includes(':') ? 112 : 24))
  if (broad.length > 0) return warn(`TRUST_PROXY believes whole networks: ${broad.join(', ')}.`)
  return pass(`TRUST_PROXY names ${trustProxy.join(', ')}.`)
}

async function lookAtForwardedHost({ config, server }: Installation): Promise<Finding> {
  if (server === null) return unseen('no server runs.')
  const own = server.url.hostname.replace(/^\[|\]$/g, '')
  if (isAmong(own, config.trustProxy)) return notApplicable(`This machine (${own}) is a trusted proxy itself, so its word is taken.`)
  const { status } = await server.ask({ path: '/api/health', headers: { 'x-forwarded-host': 'doctor.invalid' } })
  return status === 200
    ? pass('A request with a forged X-Forwarded-Host was answered by its own Host.')
    : fail(`A forged X-Forwarded-Host changed the answer (${String(status)}).`)
}

async function lookAtFirewall({ config, place }: Installation): Promise<Finding> {
  if (isLoopback(config.host)) return notApplicable(`It listens on ${config.host} alone; there is nothing to filter.`)
  if (place.manager.kind === 'container') return unseen('the firewall is that of the host.')
  const rules = await runTool('nft', ['list', 'ruleset'])
  if (rules === null) return unseen('the rules of the firewall can be listed by root alone (sudo nft list ruleset).')
  return narrowedBy(rules, config.port)
    ? pass('The firewall drops what is not let in.')
    : fail(`It listens on ${config.host}, and no rule of the firewall is about port ${String(config.port)} or drops by default.`)
}

/** Whether rules, as nft(8) lists them, drop what comes in by default or say something against strangers at this port. */
export function narrowedBy(rules: string, port: number): boolean {
  return /hook input[^}]*policy drop/.test(rules) || new RegExp(`dport[^\\n]*\\b${String(port)}\\b[^\\n]*(drop|reject)`).test(rules)
}

function prefixOf(proxy: string): number {
  const [address = '', prefix] = proxy.split('/')
  return prefix === undefined ? (address.includes(':') ? 128 : 32) : Number(prefix)
}

function isAmong(address: string, proxies: readonly string[]): boolean {
  const list = new BlockList()
  for (const proxy of proxies) {
    const [network = ''] = proxy.split('/')
    list.addSubnet(network, prefixOf(proxy), isIPv6(network) ? 'ipv6' : 'ipv4')
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
