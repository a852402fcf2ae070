/* The sentences about a rule over past calls, in English. */

export const replayText = {
  title: 'Over past calls',
  description:
    'What the rule by itself would have decided of the newest 500 calls of a project. What files held then is left out of account.',
  project: 'Past calls of',
  run: 'Replay',
  running: 'Replaying…',
  noProjects: 'Add a project first: rules are replayed over its past calls.',
  result: (covered: number, calls: number) => {
    if (calls === 0) return 'There are no past calls in this project.'
    return `It would have covered ${covered} of ${calls} past ${calls === 1 ? 'call' : 'calls'}.`
  },
  denied: (count: number) => {
    if (count === 0) return 'A person denied none of these.'
    return `Of these a person denied ${count}:`
  },
  more: (count: number) => `And ${count} more.`,
}
