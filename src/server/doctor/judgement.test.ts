import { expect, test } from 'vitest'
import { narrowedBy } from './checks/network.ts'
import { networkFileSystem } from './checks/storage.ts'
import { exposureOf, publicUrls } from './exposure.ts'
import { nodeFault } from './node-releases.ts'
import { placeOf, shellWord, unitIn } from './place.ts'
import { wrapText } from './wrap-text.ts'

/* What checks make of things that no test can bring about on every machine. */

const OPEN = 'table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy accept;\n\t}\n}'

test.for([
  ['drops by default', OPEN.replace('accept', 'drop'), true],
  ['drops strangers at the port', OPEN.replace('accept;', 'accept;\n\t\ttcp dport 3001 iifname != "lo" drop'), true],
  ['lets everybody in', OPEN, false],
  ['is about another port', OPEN.replace('accept;', 'accept;\n\t\ttcp dport 30010 drop'), false],
  ['is empty', '', false],
] as const)('a firewall that %s', ([, rules, narrows]) => {
  expect(narrowedBy(rules, 3001)).toBe(narrows)
})

test('file systems over a network are known by their number', () => {
  expect(networkFileSystem(0x6969)).toBe('NFS')
  expect(networkFileSystem(0xef53)).toBeUndefined()
})

test.for([
  ['v24.13.0', true],
  ['v24.21.0', true],
  ['v24.12.9', false],
  ['v22.99.0', false],
  ['v26.1.0', true],
  ['v99.0.0', true],
] as const)('Node %s is good: %s', ([version, isGood]) => {
  expect(nodeFault(version) === null).toBe(isGood)
})

const LOCAL = { host: '127.0.0.1', trustProxy: [], allowedHosts: [], allowedOrigins: [] }

test('how far a server reaches, and where people find it', () => {
  expect(exposureOf(LOCAL)).toBe('local')
  expect(exposureOf({ ...LOCAL, host: '::1' })).toBe('local')
  expect(exposureOf({ ...LOCAL, trustProxy: ['10.0.0.7'] })).toBe('proxied')
  expect(exposureOf({ ...LOCAL, allowedHosts: ['code.example.org'] })).toBe('proxied')
  expect(exposureOf({ ...LOCAL, host: '0.0.0.0' })).toBe('open')
  const named = {
    allowedHosts: ['localhost', 'a.example.org', 'b.example.org'],
    allowedOrigins: ['https://b.example.org:8443', 'https://other.example.org'],
  }
  expect(publicUrls(named).map(({ origin }) => origin)).toEqual(['https://a.example.org', 'https://b.example.org:8443'])
})

test.for([
  ['0::/system.slice/ai-code-ui.service\n', { kind: 'systemd', unit: 'ai-code-ui.service', isUser: false }],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/acu.service\n', { kind: 'systemd', unit: 'acu.service', isUser: true }],
  ['0::/user.slice/user-1000.slice/user@1000.service/app.slice/term.scope\n', null],
  ['0::/user.slice/user-1000.slice/session-3.scope\n', null],
  ['', null],
] as const)('the service in %j', ([cgroup, manager]) => {
  expect(unitIn(cgroup)).toEqual(manager)
})

test('commands are for the installation at hand', () => {
  const facts = { dataDirectory: "/srv/ada's data", port: 3001 }
  const unit = placeOf({ kind: 'systemd', unit: 'acu.service', isUser: false }, facts)
  expect(unit.setting('HOST', '127.0.0.1')).toContain(
    '\'[Service]\\nEnvironment="%s"\\n\' HOST=127.0.0.1 | sudo tee /etc/systemd/system/acu.service.d/host.conf',
  )
  expect(unit.restart).toBe('sudo systemctl restart acu.service')
  expect(placeOf({ kind: 'systemd', unit: 'acu.service', isUser: true }, facts).restart).toBe('systemctl --user restart acu.service')
  expect(placeOf({ kind: 'hand' }, facts).setting('HOST', '127.0.0.1')).toBe(
    "HOST=127.0.0.1 ai-code-ui start --data-dir '/srv/ada'\\''s data'",
  )
  expect(placeOf({ kind: 'container' }, facts).product('audit verify')).toBe('docker compose exec ai-code-ui ai-code-ui audit verify')
  expect(shellWord('$(reboot)')).toBe("'$(reboot)'")
})

test('lines break between words', () => {
  expect(wrapText('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrapText('incomprehensibilities are', 7)).toEqual(['incomprehensibilities', 'are'])
  expect(wrapText('', 7)).toEqual([])
})
