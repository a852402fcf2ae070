import type { ApprovalRequest } from '#protocol/approvals'
import { formatDuration } from '../../lib/format-quantity.ts'

/* Every sentence of decisions, in English. */

type Kind = ApprovalRequest['approvalKind']

export const approvalText = {
  titles: {
    command: 'Run a command',
    edit: 'Change a file',
    tool: 'Use a tool',
    question: 'Answer a question',
    plan: 'Approve a plan',
  } satisfies Record<Kind, string>,
  newFile: 'Create a file',
  openAddress: 'Open an address',
  toolNamed: (name: string) => `Use ${name}`,
  announce: (title: string, agent: string) => `${agent} waits for your decision: ${title}.`,
  position: (position: number, total: number) => `${position} of ${total}`,
  subAgent: 'asked by a sub-agent',
  expiresIn: (ms: number) => `denied in ${formatDuration(Math.max(0, ms))}`,
  expiring: 'time is up',
  moreTime: 'Give me 10 minutes',
  urgent: 'Less than 20 seconds left to decide.',
  waits: 'waits for you',
  command: 'Command',
  address: 'Address',
  wholeInput: 'Whole input',
  otherFields: 'Other input',
  risks: { low: 'Low risk', medium: 'Medium risk', high: 'High risk' } satisfies Record<ApprovalRequest['risk']['level'], string>,
  cwd: (path: string) => `in ${path}`,
  known: {
    network: 'Network',
    outside: 'Outside the project',
    programs: 'Runs',
    environment: 'Sets',
    files: 'Asked again if changed',
  },
  agentSays: 'The agent says:',
  previewCut: 'The texts are too long to be compared whole: the difference shown is not all of it. The whole input is below.',
  allowOnce: 'Allow once',
  remember: 'Allow and remember…',
  reject: 'Reject',
  reasonLabel: 'Tell the agent what to do instead',
  reasonHint: 'Optional',
  cancel: 'Back',
  deciding: 'Confirming…',
  keySend: '⌘↵',
  keySendOther: 'Ctrl ↵',
  edit: 'Edit',
  editLabel: 'The command, as it will run',
  undoEdit: 'Undo the edit',
  runs: 'What runs',
  notEdited: 'As the agent wrote it. What runs is shown below.',
  edited: 'You changed the command. Your text runs in place of the agent’s, exactly as below.',
  allowEdited: 'Allow my text',
  openSession: 'Open session',
  dismiss: 'Dismiss',
}

export const outcomeText = {
  allowed: (who: string, when: string) => `Allowed by ${who} at ${when}.`,
  denied: (who: string, when: string) => `Rejected by ${who} at ${when}.`,
  timedOut: (when: string) => `Nobody decided in time, so it was denied at ${when}. Send a prompt to be asked again.`,
  cancelled: (when: string) => `Withdrawn at ${when}, before anybody decided.`,
  changed: 'What it is about has changed since it was shown. It is asked again as it is now.',
  frozen: (when: string) => `Denied at ${when}, since all agents were frozen.`,
}

export const questionText = {
  other: 'Other',
  otherLabel: 'Your own answer',
  chooseOne: 'Choose one',
  chooseSome: 'Choose any',
  send: 'Send answers',
  decline: 'Decline',
  unreadable: 'The questions came in a form that this page does not know. Decline, and ask the agent to ask in words.',
}

export const planText = {
  approve: 'Approve, ask for each step',
  keepPlanning: 'Keep planning',
  edit: 'Edit the plan',
  preview: 'Show the plan',
  editLabel: 'The plan, as Markdown',
  edited: 'You changed the plan. The agent follows your text.',
  noPlan: 'The agent gave no text of its plan here; it is in the conversation above.',
}

export const inboxText = {
  emptyTitle: 'Nothing waits for you',
  empty: 'When an agent wants to change something, its request is shown here and in its session.',
  loading: 'Loading requests',
  failed: 'The requests could not be loaded.',
  retry: 'Try again',
}
