/* Every sentence of the freeze, in English. */

export const freezeText = {
  freeze: 'Freeze all agents',
  title: 'Freeze all agents?',
  lead: 'For everybody, at once:',
  effects: [
    'What runs is interrupted, in every session.',
    'What waits for a decision is denied.',
    'Nothing starts and nothing can be allowed, also after a restart, until an owner unfreezes.',
  ],
  reason: 'Reason',
  reasonHint: 'Optional. Everybody sees it, and the audit log keeps it.',
  confirm: 'Freeze now',
  freezing: 'Freezing…',
  cancel: 'Cancel',
  close: 'Close',
  frozen: 'All agents are frozen.',
  since: (who: string, when: string) => `By ${who}, ${when}.`,
  because: (reason: string) => `Reason: ${reason}`,
  meaning: 'Nothing runs and nothing can be allowed.',
  unfreeze: 'Unfreeze',
  unfreezing: 'Unfreezing…',
  proof: 'Agents of everybody may go on once this is released.',
}
