import type { ToolKind } from '#protocol/session-events'
import { formatCost, formatCount, formatDuration } from '../../lib/format-quantity.ts'

/* Every sentence of the transcript, in English. */

interface ToolVerbs {
  /** While it waits for a decision, or when it was not done. */
  wanted: string
  running: string
  done: string
}

export const toolVerbs: Record<ToolKind, ToolVerbs> = {
  execute: { wanted: 'Run', running: 'Running', done: 'Ran' },
  edit: { wanted: 'Edit', running: 'Editing', done: 'Edited' },
  read: { wanted: 'Read', running: 'Reading', done: 'Read' },
  search: { wanted: 'Search', running: 'Searching', done: 'Searched' },
  fetch: { wanted: 'Fetch', running: 'Fetching', done: 'Fetched' },
  mcp: { wanted: 'Call', running: 'Calling', done: 'Called' },
  subagent: { wanted: 'Sub-agent', running: 'Sub-agent works on', done: 'Sub-agent' },
  question: { wanted: 'Ask', running: 'Asking', done: 'Asked' },
  plan: { wanted: '', running: '', done: '' },
  todo: { wanted: 'Update the list', running: 'Updating the list', done: 'Updated the list' },
  other: { wanted: 'Use', running: 'Using', done: 'Used' },
}

export const toolText = {
  created: 'Created',
  deleted: 'Deleted',
  moved: 'Moved',
  waiting: 'waiting for you',
  waitingElsewhere: 'waiting for a decision',
  failed: 'failed',
  declined: 'not allowed',
  cancelled: 'stopped',
  unknown: 'outcome unknown',
  exitCode: (code: number) => `exit ${code}`,
  background: 'in the background',
  raw: 'Raw',
  rawTitle: 'Exact input and output',
  input: 'Input',
  output: 'Output',
  result: 'Result',
  command: 'Command',
  forming: 'Input, as it forms',
  noOutput: 'No output.',
  truncated: 'The output was cut; the agent saw more or the rest was not kept.',
  showAllLines: (count: number) => `Show all ${count.toLocaleString()} lines`,
  showLastLines: 'Show the last lines',
  copy: 'Copy',
  copied: 'Copied',
  allowedBy: (name: string) => `Allowed by ${name}`,
  allowedEditedBy: (name: string) => `Allowed by ${name}, with a changed input`,
  deniedBy: (name: string) => `Rejected by ${name}`,
  allowedBecause: (words: string) => `Allowed without asking: ${words}`,
  deniedBecause: (words: string) => `Denied without asking: ${words}`,
  openRule: 'Open the rule',
  timedOut: 'Not decided in time, so it was not allowed.',
  approvalCancelled: 'The request was withdrawn before it was decided.',
  earlierSteps: (count: number) => `Show ${count.toLocaleString()} earlier steps`,
  notAnswered: 'Not answered',
}

function countOf(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`
}

export const groupText = {
  running: (parts: string) => `Looking at ${parts}`,
  done: (parts: string) => `Looked at ${parts}`,
  searchedOnly: (count: number) => (count === 1 ? 'Searched once' : `Searched ${count.toLocaleString()} times`),
  searchingOnly: (count: number) => (count === 1 ? 'Searching' : `Searching, ${count.toLocaleString()} times so far`),
  files: (count: number) => countOf(count, 'file', 'files'),
  searches: (count: number) => countOf(count, 'search', 'searches'),
  failed: (count: number) => `${count.toLocaleString()} failed`,
}

export const transcriptText = {
  conversation: 'Conversation',
  loading: 'Loading the conversation',
  you: 'You',
  background: 'Background task',
  imported: 'Imported',
  image: (name: string) => `Picture: ${name}`,
  unnamedImage: 'Picture',
  notSent: 'Not delivered to the agent.',
  folded: 'joined the running turn',
  showWhole: 'Show the whole prompt',
  showLess: 'Show less',
  newItems: (count: number) => `${count.toLocaleString()} new`,
  toEnd: 'Go to the end',
  thinking: 'Thinking',
  thought: 'Thought',
  thoughtFor: (durationMs: number) => `Thought for ${formatDuration(durationMs)}`,
  working: 'Working',
  compacting: 'Making room: earlier messages are being summarised',
  retrying: 'Trying again',
  starting: 'Starting the agent',
  finished: (agent: string) => `${agent} finished`,
  failedTurn: (agent: string) => `${agent} stopped with an error`,
  stoppedTurn: 'Stopped',
  failedTitle: 'The conversation could not be loaded',
  emptyTitle: 'Nothing here yet',
  empty: 'Write a prompt below.',
}

export const turnText = {
  completed: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
  limit: 'Stopped at a limit',
  refused: 'Refused',
  tokens: (input: number, output: number) => `${formatCount(input)} in, ${formatCount(output)} out`,
  tokensTitle: (input: number, cached: number, output: number) =>
    `Tokens: ${input.toLocaleString()} in, of which ${cached.toLocaleString()} were cached; ${output.toLocaleString()} out`,
  cost: (costUsd: number) => formatCost(costUsd),
  changes: 'Changes of this turn',
  status: (status: number) => ` (status ${status})`,
  failedWithout: 'The agent gave no reason.',
  advice: {
    auth: 'Sign the agent in again, or check its key, then send a prompt to go on.',
    billing: 'Check the credit of the account that the agent uses, then send a prompt to go on.',
    limit: 'Wait until the limit is over, then send a prompt to go on.',
    model: 'Choose another model above, then send a prompt to go on.',
    other: 'What was done so far is kept. Send a prompt to go on.',
  },
}

export const noticeText = {
  retry: (attempt: number, max: number) => `Attempt ${attempt} of ${max}`,
  retryIn: (seconds: number) => `next try in ${seconds} s`,
  retryNow: 'trying now',
  compacted: 'Earlier messages were summarised to make room',
  compactedTokens: (before: number, after: number) => `${formatCount(before)} → ${formatCount(after)} tokens`,
}

export const planText = {
  title: 'Plan',
  progress: (done: number, total: number) => `${done} of ${total} done`,
  states: { pending: 'To do', in_progress: 'In progress', completed: 'Done' },
}

export const sessionEndText = {
  interrupted: 'The agent was interrupted during a turn: its process or the server ended. What was done is kept. Send a prompt to resume.',
  rests: 'The agent rests. Send a prompt to resume.',
  exitedWithCode: (code: number) => `The agent stopped by itself (code ${code}). What was done is kept. Send a prompt to start it again.`,
  exitedBySignal: (signal: string) =>
    `The agent was ended from outside (${signal}). What was done is kept. Send a prompt to start it again.`,
  exited: 'The agent stopped by itself. What was done is kept. Send a prompt to start it again.',
  showOutput: 'Show its last output',
}
