import { expect, test } from 'vitest'
import { networkFileSystem } from '../platform/data-folder-check.ts'
import { judgeService } from './checks/host.ts'
import { narrowedBy } from './checks/network.ts'
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

const facts = { dataDirectory: "/srv/ada's data", port: 3001, packageRoot: '/opt/acu', uid: 991 }
const FOLDER = "--data-dir '/srv/ada'\\''s data'"

test('commands are for the service', () => {
  const unit = placeOf({ kind: 'systemd', unit: 'acu.service', isUser: false }, facts)
  expect(unit.setting('HOST', '127.0.0.1')).toContain(
    `'[Service]\\nEnvironment="%s"\\n' HOST=127.0.0.1 | sudo tee /etc/systemd/system/acu.service.d/host.conf`,
  )
  expect(unit.restart).toBe('sudo systemctl restart acu.service')
  expect(unit.product('audit verify')).toBe(`sudo -u '#991' /opt/acu/bin/ai-code-ui.js audit verify ${FOLDER}`)
  expect(placeOf({ kind: 'systemd', unit: 'acu.service', isUser: true }, facts).restart).toBe('systemctl --user restart acu.service')
  const filed = placeOf({ kind: 'systemd', unit: 'acu.service', isUser: false, environmentFile: '/etc/acu/environment' }, facts)
  expect(filed.setting('HOST', '127.0.0.1')).toBe(
    'echo HOST=127.0.0.1 | sudo tee -a /etc/acu/environment && sudo systemctl restart acu.service',
  )
})

test('commands are for the command line and for the container', () => {
  expect(placeOf({ kind: 'hand' }, facts).setting('HOST', '127.0.0.1')).toBe(`HOST=127.0.0.1 /opt/acu/bin/ai-code-ui.js start ${FOLDER}`)
  const container = placeOf({ kind: 'container' }, facts)
  expect(container.product('audit verify')).toBe(
    'docker compose -f deploy/docker/compose.yaml exec server node /app/bin/ai-code-ui.js audit verify',
  )
  expect(container.setting('LOG_LEVEL', 'info')).toContain(
    '> deploy/docker/compose.set-log-level.yaml && docker compose -f deploy/docker/compose.yaml$(',
  )
  expect(container.setting('TRUST_PROXY', '10.0.0.7')).toContain('echo TRUST_PROXY=10.0.0.7 >> deploy/docker/.env')
  expect(shellWord('$(reboot)')).toBe("'$(reboot)'")
})

test('a unit is judged by what systemd says of it', () => {
  const hardened = 'NoNewPrivileges=yes\nProtectSystem=strict\nPrivateDevices=yes\nMemoryMax=8589934592\nTasksMax=4096\n'
  expect(judgeService(hardened)).toMatchObject({ status: 'pass' })
  expect(judgeService(hardened.replace('NoNewPrivileges=yes', 'NoNewPrivileges=no').replace('8589934592', 'infinity'))).toMatchObject({
    status: 'warn',
    evidence: 'Not set in the unit: NoNewPrivileges, MemoryMax.',
  })
})

test('lines break between words', () => {
  expect(wrapText('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrapText('incomprehensibilities are', 7)).toEqual(['incomprehensibilities', 'are'])
  expect(wrapText('', 7)).toEqual([])
})
