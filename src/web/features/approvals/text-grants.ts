import type { RememberFor } from '#protocol/approvals'
import type { RuleReplay } from '#protocol/policy'

/* The sentences of what is not asked again, in English. */

const number = (value: number): string => value.toLocaleString('en')

export const grantText = {
  open: 'Allow and remember',
  title: 'Allow this, and what is like it',
  what: 'What',
  rule: 'The rule, literally',
  howLong: 'For how long',
  lifetimes: {
    turn: { label: 'This turn', meaning: 'Until the agent is done with what you asked last.' },
    session: { label: 'This session', meaning: 'In this session alone, as long as it exists.' },
    day: { label: 'A day', meaning: 'In this project, for 24 hours.' },
    forever: { label: 'For good', meaning: 'In this project, until you remove it in the policy.' },
  } satisfies Record<RememberFor, { label: string; meaning: string }>,
  back: 'Back',
  allow: 'Allow and remember',
  allowing: 'Confirming…',
  comparing: 'Looking at past calls of this project…',
  notCompared: 'It could not be compared with past calls.',
  replay: ({ calls, covered, deniedCount }: RuleReplay) => {
    if (calls === 0) return 'This project has no past calls to compare it with.'
    const denied = deniedCount === 0 ? '' : deniedCount === 1 ? ', this one you denied:' : `, these ${number(deniedCount)} you denied:`
    return `It would have allowed ${number(covered)} of ${number(calls)} past calls${denied === '' ? '.' : denied}`
  },
  more: (count: number) => `and ${number(count)} more`,
}
