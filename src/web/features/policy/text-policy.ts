import type { PolicyDecision, PolicyPreset } from '#protocol/policy'

/* Every sentence about the policy, in English. */

export const policyText = {
  loading: 'Loading the policy',
  failed: 'The policy could not be loaded',
  retry: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  readOnly: 'You can read the rules that concern you, try calls, and delete rules of your own. The owner changes the rest.',
  reason: 'This changes what agents may do without being asked, so it needs a fresh proof that it is you.',
}

export const decisionNames: Readonly<Record<PolicyDecision, string>> = { allow: 'Allow', ask: 'Ask', deny: 'Deny' }

export const decisionMeanings: Readonly<Record<PolicyDecision, string>> = {
  allow: 'Runs without asking, where the rule covers the whole call. An ask or deny rule still wins.',
  ask: 'Always waits for a person, even where another rule allows it.',
  deny: 'Never runs, whatever other rules say.',
}

export const presetNames: Readonly<Record<PolicyPreset, string>> = {
  'read-only': 'Read-only',
  careful: 'Careful',
  trusting: 'Trusting',
}

export const presetMeanings: Readonly<Record<PolicyPreset, string>> = {
  'read-only': 'What provably only reads inside the project runs. Everything else is denied, unless a rule allows it.',
  careful: 'What provably only reads inside the project runs. Everything else asks a person.',
  trusting: 'Edits inside the project and commands run, unless they are high risk. Offered only where a sandbox holds.',
}

export const presetText = {
  title: 'Where no rule speaks',
  description: 'What happens to a call that no rule covers.',
  legend: 'Preset',
}

export const rulesText = {
  title: 'Rules',
  description:
    'A rule speaks of the calls that meet all its conditions, in the place where it holds. Deny wins over ask, and ask over allow.',
  add: 'Add rule',
  search: 'Search rules',
  none: 'There are no rules. The preset decides every call.',
  noneFound: 'No rule holds what you search for.',
  groups: { global: 'Everywhere', user: 'For one person', project: 'In one project', session: 'In one session' },
  list: (group: string) => `Rules: ${group.toLowerCase()}`,
  edit: 'Edit',
  editNamed: (words: string) => `Edit the rule ${words}`,
  remove: 'Delete',
  removing: 'Deleting…',
  removeTitle: 'Delete this rule of yours?',
  removeText: (words: string) => `${words}. Calls that it covers ask again from now on.`,
  removeNamed: (words: string) => `Delete the rule ${words}`,
  undo: 'Undo',
  undoNamed: (words: string) => `Undo the change to the rule ${words}`,
  states: { added: 'New', changed: 'Changed', removed: 'Deleted' },
  by: (author: string) => `By ${author}`,
  notSaved: 'Not saved yet',
  expired: (date: string) => `Expired ${date}`,
  until: (date: string) => `Until ${date}`,
  openSession: 'Open the session',
  untilTurnEnd: 'until the turn ends',
  decision: 'Decision',
  anyDecision: 'All',
  group: (name: string, count: number) => `${name} (${count})`,
  shown: (shown: number, count: number) => `${shown} of ${count} rules are shown.`,
  more: (count: number) => `Show ${count} more`,
  marked: 'This one decided',
  missing: 'The rule that you look for is not here: it was deleted, it ended, or it is not yours to see.',
  removedProject: 'A removed project',
  somebody: 'Somebody',
}

export const matchText = {
  exact: 'One exact call',
  command: 'Commands',
  tools: 'Tools',
  everyTool: 'Every tool',
  paths: 'Paths',
  domains: 'Sites',
  provider: 'Agent',
  modes: 'Mode',
  nothing: 'No condition',
}

export const savingText = {
  bar: 'Changes of the policy',
  changes: (count: number) => (count === 1 ? '1 change is not saved' : `${count} changes are not saved`),
  discard: 'Discard',
  review: 'Review and save',
  title: 'Save these changes?',
  list: 'What changes',
  added: 'New',
  removed: 'Deleted',
  changed: 'Changed',
  preset: 'Preset',
  from: 'before',
  to: 'after',
  fields: { decision: 'Decision', scope: 'Where', match: 'Conditions', reason: 'Reason', expires: 'Expires' },
  forGood: 'for good',
  noReason: 'none',
  save: 'Save',
  saving: 'Saving…',
  fault: (words: string, field: string, problem: string) => `The rule “${words}”: ${field} ${problem}.`,
  refused: 'Nothing was saved. Put this right first:',
  staleTitle: 'Somebody changed the policy meanwhile',
  stale: 'Nothing of yours was saved, and nothing of theirs is lost. This is what they changed:',
  staleNothing: 'What they changed does not concern the rules that you see.',
  overlaps: 'A rule that you changed was changed or deleted meanwhile as well; your version would take its place.',
  reapply: 'Put my changes on top',
  saved: 'The policy is saved. It holds for the next call of every agent.',
}

export const formText = {
  addTitle: 'New rule',
  editTitle: 'Edit rule',
  decision: 'Decision',
  scope: 'Where it holds',
  scopes: { global: 'Everywhere', user: 'For one person', project: 'In one project', session: 'In one session' },
  person: 'Person',
  project: 'Project',
  conditions: 'Conditions',
  conditionsHint: 'A call must meet all that you fill in.',
  command: 'Command',
  commandHint: 'Word by word, as in “git log *”. * is one word that is not an option; ** at the end is any number of words, options too.',
  commandStars: 'The stars ** can only stand at the end.',
  tools: 'Tools',
  toolsHint: 'Names, separated by commas: Edit, Write, mcp__github__*. * is every tool.',
  paths: 'Paths',
  pathsHint: 'One a line, from the project’s folder or from /: src/**, docs/*.md.',
  domains: 'Sites',
  domainsHint: 'One a line: example.org, or *.example.org for those below it.',
  more: 'Agent and mode',
  provider: 'Agent',
  anyProvider: 'Any agent',
  modes: 'Only in these modes',
  why: 'Reason',
  whyHint: 'Shown wherever the rule decides.',
  expires: 'Expires',
  expiries: { never: 'Never', hour: 'In an hour', day: 'In a day', week: 'In a week', month: 'In 30 days' },
  keepExpiry: (date: string) => `As it is: ${date}`,
  explanation: 'What the rule does',
  keep: 'Keep rule',
  keepHint: 'Kept rules take effect when you save.',
  exact: 'This rule covers one exact call and the files that it names. The call itself cannot be edited.',
}

export const ruleFaults = {
  noCondition: 'Fill in at least one condition, or the rule would speak of nothing.',
  everything: 'A rule that allows every tool needs a second condition, such as paths.',
  stars: 'The stars ** can only stand at the end of a command.',
  tooLong: 'Give at most 50 lines of at most 1,000 characters.',
  expired: 'The rule has expired. Choose a later end.',
  noPerson: 'Choose the person.',
  noProject: 'Choose the project.',
}

export const explainText = {
  verbs: { allow: 'Allows, without asking,', ask: 'Asks a person about', deny: 'Denies' },
  anything: 'every call',
  exact: 'one exact call',
  command: (shape: string) => `commands like “${shape}”`,
  tools: (tools: string) => `calls of ${tools}`,
  everyTool: 'calls of every tool',
  paths: (paths: string) => `on ${paths}`,
  domains: (domains: string) => `to ${domains}`,
  provider: (name: string) => `by ${name}`,
  modes: (modes: string) => `in the mode ${modes}`,
  where: {
    global: 'everywhere',
    user: (name: string) => `for ${name}`,
    project: (name: string) => `in ${name}`,
    session: 'in one session',
  },
  or: ' or ',
  allowsCommand:
    'It allows a line only where every command in it fits this rule or another that allows. A line with substitution, redirection or anything else that cannot be read for certain asks all the same.',
  neverRuns:
    'It never covers programs and options that run other programs, such as sudo, sh -c, xargs, npx or git -c: allow those as one exact call, or a project’s own script word for word, such as npm test.',
  neverUntrusted: 'In a project that is not trusted it never covers git, nor what runs what the folder says.',
  neverProtected:
    'It never covers files that other tools obey or that hold secrets, such as .git, .claude, package.json, CI files, .env and ~/.ssh.',
  neverOutside: 'It never covers what lies outside the project.',
  neverCommands: 'It never covers commands, since it names no command.',
  neverHidden: 'It never covers calls with hidden characters.',
  exactFiles: 'A file that the call names and that changed since is asked again.',
  anyCommand:
    'One command of a line that fits is enough: also inside a wrapper or a shell’s -c, by its path, and in a line that cannot be read for certain but may name it.',
  anyPart: 'One path or site that fits is enough.',
}

export const documentText = {
  title: 'As text',
  description: 'The same policy as one JSON document. What you change here joins the changes above, and is saved with them.',
  open: 'Edit as text',
  show: 'Show as text',
  label: 'Policy as JSON',
  take: 'Take over',
  taken: 'Taken over. Review and save the changes below.',
  unchanged: 'The text says what the rules above say.',
  reset: 'Start over',
  export: 'Export',
  import: 'Import a file',
  fileName: 'policy.json',
  tooLarge: 'The file is larger than 4 MB, which no policy is.',
  faults: (count: number) => (count === 1 ? '1 fault in the text' : `${count} faults in the text`),
  atLine: (line: number) => `Line ${line}`,
  notJson: 'This is not JSON: a comma, quote or bracket is missing or too many near here.',
  rule: (place: number, field: string) => (field === '' ? `Rule ${place}` : `Rule ${place}, ${field}`),
  sameId: 'has the same id as a rule before it',
  unknownId: 'has an id that no rule here has; leave the id out to add a rule',
  more: (count: number) => `And ${count} more.`,
}

export const faultText = {
  oneOf: (values: readonly string[]) => `must be ${values.length === 1 ? '' : 'one of '}${values.join(', ')}`,
  type: (expected: string) => `must be of the type ${expected}`,
  unknown: (keys: readonly string[]) => `has a field that is not known: ${keys.join(', ')}`,
  kind: (field: string) => `is of no known ${field}`,
  tooBig: (most: number) => `is longer than ${most}`,
}

export const labText = {
  title: 'Try a call',
  description: 'What the saved policy says of a call, decided as for a real one. Nothing is run.',
  examples: 'Examples',
  kind: 'Kind of call',
  kinds: { command: 'A command', tool: 'Another tool' },
  command: 'Command line',
  tool: 'Tool',
  input: 'Input as JSON',
  notObject: 'The input is no JSON object.',
  noTool: 'Name the tool.',
  noCommand: 'Type a command.',
  project: 'Project',
  provider: 'Agent',
  mode: 'Mode',
  noProjects: 'Add a project first: a call is judged in its folder.',
  test: 'Try',
  testing: 'Trying…',
  result: 'Decision',
  byRule: 'Rule',
  byPreset: 'No rule decided it.',
  unsaved: 'Changes that are not saved do not count here.',
  makeRule: 'Make a rule from this',
}

export const modeNames: Readonly<Record<string, string>> = {
  default: 'Ask first',
  acceptEdits: 'Accept edits',
  plan: 'Plan',
  bypassPermissions: 'Skip approvals',
}
