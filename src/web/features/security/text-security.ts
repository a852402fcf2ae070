import type { CheckArea, CheckSeverity, CheckStatus } from '#protocol/posture'

/* Every sentence of the security page, in English. What the checks say comes from the server. */

export const postureText = {
  reason: 'What is found shows where this installation is open, so it needs a fresh proof that it is you.',
  loading: 'Looking at this installation',
  failed: 'This installation could not be looked at',
  look: 'Look now',
  unseenTitle: 'Not looked at',
  unseen: 'The checks run when you confirm that it is you.',
  again: 'Look again',
  looking: 'Looking…',
  looked: 'Looked',
  score: (score: number) => `Score ${score} of 100`,
  outOf: 'of 100',
  cap: (score: number, because: string) => `Held at ${score}: ${because}.`,
  counts: (pass: number, warn: number, fail: number, notApplicable: number) =>
    `${pass} passed · ${warn} to look at · ${fail} failed · ${notApplicable} not applicable`,
  command: 'The same on the host, also without a server:',
  filter: 'Show',
  none: 'Nothing here. Choose another filter to see the other checks.',
  noneTitle: 'No such checks',
  evidence: 'Seen',
  why: 'Why it matters',
  fix: 'What to do',
  references: 'Asked for by',
  copy: 'Copy the command',
  copied: 'Copied',
  severity: (severity: string) => `Severity: ${severity}`,
  group: (area: string, passed: number, count: number) => `${area}, ${passed} of ${count} passed`,
  groupCount: (passed: number, count: number) => `${passed} of ${count}`,
}

export const statusNames: Readonly<Record<CheckStatus, string>> = {
  pass: 'Passed',
  warn: 'To look at',
  fail: 'Failed',
  'not-applicable': 'Not applicable',
}

export const severityNames: Readonly<Record<CheckSeverity, string>> = { critical: 'critical', high: 'high', medium: 'medium', low: 'low' }

export const areaNames: Readonly<Record<CheckArea, string>> = {
  network: 'Network',
  http: 'HTTP',
  websocket: 'WebSocket',
  secrets: 'Keys and secrets',
  files: 'Files',
  storage: 'Storage and backups',
  accounts: 'Accounts',
  approvals: 'Approvals',
  agents: 'Agents',
  audit: 'Audit log',
  host: 'Host',
}
