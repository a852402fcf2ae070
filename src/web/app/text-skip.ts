/* The sentences about skipping approvals; loaded with what shows them. */

export const skipText = {
  title: 'Skip approvals for a time?',
  text: 'Until then the agent’s tool calls in this session run without asking you, and each is written to the audit log.',
  still:
    'You are still asked about questions, plans, and anything that is dangerous, hidden, protected or outside the project. Rules that deny or ask hold.',
  duration: 'For how long',
  durations: { 15: '15 minutes', 30: '30 minutes', 60: '1 hour', 240: '4 hours' },
  confirm: 'Skip approvals',
  confirming: 'Turning on…',
  cancel: 'Keep asking',
  close: 'Close',
  reason: 'While approvals are skipped, commands run without anybody looking at them.',
  until: (time: string) => `Skips approvals until ${time}`,
  askAgain: 'Ask again now',
}
