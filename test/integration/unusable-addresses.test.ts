import { expect, test } from 'vitest'
import { runServerToItsEnd } from '../support/test-server.ts'

test.for([
  ['HOST', '192.0.2.1', 'is no address of this machine'],
  ['HOST', 'no-such-host.invalid', 'is no address of this machine'],
  ['TRUST_PROXY', '1.2.3', 'neither an address nor a CIDR'],
  ['TRUST_PROXY', '10.0.0.0/99', 'neither an address nor a CIDR'],
] as const)('%s=%s is a mistake of the configuration, told in one line', async ([variable, value, sentence]) => {
  const { code, output } = await runServerToItsEnd({ environment: { [variable]: value } })

  expect(code).toBe(78)
  const lines = output.trim().split('\n')
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(variable)
  expect(lines[0]).toContain(sentence)
})
