import type { AuditArea } from '#protocol/audit-actions'

/* Every sentence about the audit log, in English. */

export const auditText = {
  title: 'Audit log',
  loading: 'Loading the audit log',
  failed: 'The audit log could not be loaded',
  retry: 'Try again',
  table: 'Entries, newest first',
  columns: { time: 'Time', who: 'Who', action: 'Action', facts: 'Details' },
  open: (seq: number, action: string) => `Entry ${seq}, ${action}`,
  older: 'Show older entries',
  loadingOlder: 'Loading…',
  end: 'That is the beginning of the log.',
  noneTitle: 'No entries',
  none: 'Nothing that was recorded fits these filters.',
  clear: 'Clear filters',
}

/** In the order in which they are offered. */
const areas: Readonly<Record<AuditArea, string>> = {
  server: 'Server',
  config: 'Configuration',
  platform: 'Platform mode',
  auth: 'Sign-in and account',
  access: 'Refused access',
  apikey: 'API keys',
  backup: 'Backups',
  keys: 'Signing keys',
  user: 'Users',
  project: 'Projects',
  session: 'Sessions',
  approval: 'Approvals',
  approvals: 'Freezing of agents',
  policy: 'Policy',
  tool: 'Tools',
  audit: 'Audit log',
  security: 'Security checklist',
}

export const filterText = {
  label: 'Filters',
  who: 'Who',
  whoHint: 'Name of a user, or system',
  area: 'Action',
  allAreas: 'All actions',
  project: 'Project',
  allProjects: 'All projects',
  from: 'From',
  to: 'To',
  about: (id: string) => `Only about ${id}`,
  removeAbout: 'Show what is about anything',
  areas,
}

export const chainText = {
  loading: 'Looking up the last check',
  unchecked: 'Chain not checked since the server started',
  whole: (entries: string) => `Chain verified, ${entries} entries`,
  broken: 'The audit log was changed',
  problem: (seq: string, what: string) =>
    `Entry ${seq} ${what}. Keep a copy of the data folder as it is, and compare it with your backups and exports.`,
  checked: 'Checked',
  sealed: (seq: string) => `signed up to entry ${seq}`,
  segments: (segments: number, last: string) =>
    `Entries 1 to ${last} are in ${segments === 1 ? 'a sealed file' : `${segments} sealed files`} on the host. Checks read them too; the list and its filters begin after them.`,
  forwarded: (target: string) => `Handed on to ${target}.`,
  forwarding: (target: string, behind: string) => `Being handed on to ${target}; ${behind} to go.`,
  notForwarded: (target: string) => `The log cannot be handed on to ${target}`,
  waiting: (problem: string, behind: string) => `It is tried again until it works: ${problem}. Waiting: ${behind}. Failing since`,
  check: 'Check now',
  checking: 'Checking…',
  failed: 'The chain could not be checked',
}

export const exportText = {
  export: 'Export',
  exporting: 'Exporting…',
  failed: 'The audit log could not be exported',
  file: 'audit.jsonl',
}

export const entryText = {
  title: (seq: number) => `Entry ${seq}`,
  close: 'Close',
  time: 'Time',
  who: 'Who',
  device: 'Device',
  address: 'Address',
  action: 'Action',
  subject: 'Subject',
  details: 'Details',
  hash: 'Hash',
  previous: 'Hash before',
  story: 'What belongs to it',
  storyLoading: 'Loading what belongs to it',
  storyFailed: 'What belongs to it could not be loaded',
  alone: 'Nothing else in the log belongs to it.',
  thisOne: 'this entry',
  session: 'Open the session',
  rule: 'Open the rule',
  about: 'Show all that is about it',
}
