import { formatCost, formatCount } from '../../lib/format-quantity.ts'

/* Every sentence of the composer, in English. */

export const composerText = {
  label: 'Prompt',
  placeholder: (agent: string) => `Ask ${agent} to do something`,
  placeholderRunning: 'Add to the running turn',
  placeholderResume: 'Send a prompt to resume',
  send: 'Send',
  stop: 'Stop',
  stopping: 'Stopping…',
  tooLong: (length: number, limit: number) =>
    `The prompt has ${length.toLocaleString()} characters; ${limit.toLocaleString()} are the most. It was not sent and is kept here: shorten it, or put the text into a file and name the file.`,
  sending: 'Sending…',
  offline: 'Sent once connected',
  queued: 'Queued',
  waitingPrompts: 'Prompts on their way',
  keys: 'Enter sends · Shift+Enter begins a line · Esc stops',
  context: (percent: number) => `Context ${percent} %`,
  contextTitle: (used: number, window: number) =>
    `${used.toLocaleString()} of ${window.toLocaleString()} tokens of the model’s window are filled`,
  contextUsed: (used: number) => `Context ${formatCount(used)}`,
  cost: (costUsd: number) => formatCost(costUsd),
  costTitle: 'Cost of this session so far, as the agent tells it',
}

export const watchText = {
  role: 'You can watch. Ask the owner for the member role to take part.',
  session: (name: string) => `This session is ${name}’s. You can watch; ${name} prompts and decides.`,
}

export const newSessionText = {
  title: 'What shall be done?',
  agent: 'Agent',
  mode: 'Permission mode',
  model: 'Model',
  defaultModel: 'Default model',
  start: 'Start session',
  starting: 'Starting…',
  failed: 'The agents could not be listed',
  retry: 'Try again',
  notReady: (name: string) => `${name} is not ready`,
  loading: 'Loading agents',
}
