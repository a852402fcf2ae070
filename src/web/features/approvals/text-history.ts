import type { DecidedApproval } from '#protocol/approvals'

/* The sentences of the history of decisions, in English. */

/** Ends that no person and no rule decided, by their names at the server. */
const SYSTEM_ENDS: Readonly<Partial<Record<string, string>>> = {
  'time-out': 'nobody decided in time',
  interrupt: 'the turn was interrupted',
  freeze: 'all agents were frozen',
  'changed since it was shown': 'what it was about changed since it was shown',
}

export const historyText = {
  shown: 'Which requests',
  waiting: 'Waiting',
  decided: 'Decided',
  filters: 'Filters',
  project: 'Project',
  allProjects: 'All projects',
  outcome: 'Outcome',
  allOutcomes: 'Any',
  outcomes: {
    allowed: 'Allowed',
    denied: 'Denied',
    'timed-out': 'Nobody decided',
    cancelled: 'Withdrawn',
  } satisfies Record<DecidedApproval['outcome'], string>,
  by: 'Decided by',
  deciders: { user: 'A person', rule: 'A rule', system: 'Nobody', any: 'Anybody' },
  text: 'Contains',
  textHint: 'Command, path, rule, name…',
  list: 'Decisions, newest first',
  loading: 'Loading decisions',
  failed: 'The decisions could not be loaded.',
  retry: 'Try again',
  noneTitle: 'No such decision',
  none: 'Nothing that was decided fits these filters.',
  notYet: 'None so far; older ones were not looked through yet.',
  older: 'Older decisions',
  loadingOlder: 'Loading…',
  end: 'That is all.',
  edited: 'changed before it ran',
  reason: (reason: string) => `“${reason}”`,
  openRule: 'Open the rule',
  rule: (name: string) => `Rule: ${name}`,
  systemEnd: (name: string) => SYSTEM_ENDS[name] ?? name,
  startedBy: (name: string) => `in a session of ${name}`,
  risk: { low: 'low risk', medium: 'medium risk', high: 'high risk' } satisfies Record<DecidedApproval['risk'], string>,
  session: 'Session',
}
