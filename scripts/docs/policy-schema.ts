import * as z from 'zod/mini'
import { type PolicyRule, ReplacePolicy, RuleDraft, RuleMatch, RuleScope } from '#protocol/policy'

/** docs/policy.schema.json: the policy as it is written in the text form and sent to `PUT /api/policy`. */
export function policySchema(): string {
  const names = z.registry<{ id: string; description?: string }>()
  names.add(RuleDraft, { id: 'Rule', description: 'Deny beats ask beats allow, whatever the scope.' })
  names.add(RuleMatch, { id: 'Match', description: 'What a call must be like for the rule to speak of it: everything that is given here.' })
  names.add(RuleScope, { id: 'Scope', description: 'Where the rule holds.' })
  const schema = z.toJSONSchema(ReplacePolicy, { io: 'input', target: 'draft-07', metadata: names })
  const head = { $schema: 'http://json-schema.org/draft-07/schema#', title: 'Policy of AI Code UI', description: DESCRIPTION }
  return formatted({ ...head, ...withTexts(schema) })
}

/** As the formatter has it: lists of words stand on one line. */
function formatted(value: object): string {
  const text = JSON.stringify(value, null, 2).replace(
    /\[\s+("[^"\\]*"(?:,\s+"[^"\\]*")*)\s+\]/g,
    (_, words: string) => `[${words.replace(/,\s+/g, ', ')}]`,
  )
  return `${text}\n`
}

const DESCRIPTION =
  'Made from src/protocol/policy.ts by `npm run docs`. The server checks more than a schema can say: a rule needs a condition, ' +
  'and a rule that allows must not cover every tool or a program that runs others.'

/** What the conditions mean, by their names in a match. A condition that is added does not compile until it has its line here. */
const MATCH_TEXTS: Record<keyof z.infer<typeof RuleMatch>, string> = {
  tools: 'Exact names of tools; `mcp__server__*` stands for every tool of one server, `*` for every tool.',
  command: 'Shape of a command in words: `*` is one word that is no option, `**` at the end any words.',
  paths: 'Globs (`*`, `**`, `?`) of paths, absolute, from `~`, or below the project. `folder/` stands for what is in it.',
  domains: 'Names of hosts; `*.example.org` stands for those below, `example.org:8080` for that port.',
  provider: 'Only calls of this kind of agent.',
  modes: 'Only in these modes of a session.',
  exact: 'One exact call, with the files that it names as they were. Made by the server.',
}

const RULE_TEXTS: Partial<Record<keyof PolicyRule, string>> = {
  id: 'Set by the server. Keep it to change a rule, leave it out for a new one.',
  reason: 'Why, for whoever reads it later.',
  expiresAt: 'When it ends, in UTC; null for good.',
  author: 'Set by the server; ignored when sent.',
  createdAt: 'Set by the server; ignored when sent.',
}

function withTexts(schema: object): object {
  const texts: Record<string, Record<string, string>> = { Match: MATCH_TEXTS, Rule: RULE_TEXTS }
  const plain: unknown = JSON.parse(JSON.stringify(schema))
  const found = Schema.parse(plain)
  for (const [name, lines] of Object.entries(texts)) {
    for (const [field, text] of Object.entries(lines)) {
      const described = found.definitions?.[name]?.properties?.[field]
      if (described !== undefined) described.description = text
    }
  }
  return found
}

const Described = z.looseObject({ description: z.optional(z.string()) })
const Schema = z.looseObject({
  definitions: z.optional(z.record(z.string(), z.looseObject({ properties: z.optional(z.record(z.string(), Described)) }))),
})
