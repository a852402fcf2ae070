import { AUDIT_ACTION_NAMES, auditMeaning } from '#protocol/audit-actions'
import { AUDIT_DETAILS } from './audit-details.ts'
import { code, generatedHead, table } from './markdown.ts'

/** docs/audit-events.md */
export function auditEventsPage(): string {
  return `${generatedHead('What the audit log tells of')}

Each entry also says when (UTC), who (\`actor\`: a user's name, an agent, \`system\`, \`rule: …\`, \`command line\`, or \`unknown\`), what it was done to
(\`subject\`, an id) and, where it is known, from which address and device. Fields that do not apply are left out. Secrets are taken out before an entry is
hashed. Nothing else can be recorded: the code takes actions of this list alone, a check finds one that nothing records, and the tests of the whole server
look at the fields of every entry that they cause.

An access token that grew old and the question for a fresh proof are no refusals and are not recorded; wrong answers to the question are.

${table(
  ['Action', 'When', 'Details'],
  AUDIT_ACTION_NAMES.map((action) => [code(action), auditMeaning(action) ?? '', fieldsOf(AUDIT_DETAILS[action])]),
)}
`
}

function fieldsOf(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, meaning]) => `${code(name)}: ${meaning}`)
    .join('; ')
}
