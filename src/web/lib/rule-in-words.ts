/** Why a rule decided, with the rule where one did: the preset and a session's mode are none. */
export interface RuleWords {
  words: string
  ruleId: string | null
}

/** Takes apart what the server writes down as the decider: a sentence, and the rule's id in brackets at its end. */
export function ruleInWords(name: string): RuleWords {
  const [, words, ruleId] = /^(.*) \((rul_[\w-]+)\)$/s.exec(name) ?? []
  return words === undefined || ruleId === undefined ? { words: name, ruleId: null } : { words, ruleId }
}

/** Where the policy shows this rule. */
export function ruleAddress(ruleId: string): string {
  return `/policy?${new URLSearchParams({ rule: ruleId }).toString()}`
}
