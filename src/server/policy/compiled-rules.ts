import { setImmediate } from 'node:timers/promises'
import type { PolicyRule } from '#protocol/policy'
import type { CallFacts } from './call-facts.ts'
import { type Coverage, coverageOf, fitsTools, holds, type PreparedRule, prepareRule } from './rule-match.ts'

/** Tools whose rules are kept at hand; an agent may name as many as it likes. */
const MAX_TOOLS = 200
/** Milliseconds for which many rules and a long line may hold up everybody else. */
const MAX_SLICE_MS = 10

/** A rule that says something of a call. */
export interface SpeakingRule {
  rule: PolicyRule
  prepared: PreparedRule
  coverage: Exclude<Coverage, 'none'>
}

/** Rules whose patterns were read once, sorted by the tools that they may speak of. */
export interface CompiledRules {
  /** The rules that hold here and now and cover something of the call, in the order in which they were made. */
  speaking(facts: CallFacts, now: Date): Promise<SpeakingRule[]>
}

export function compileRules(rules: readonly PolicyRule[]): CompiledRules {
  const prepared = rules.map(prepareRule)
  const byTool = new Map<string, readonly PreparedRule[]>()
  const ofTool = (tool: string): readonly PreparedRule[] => {
    const known = byTool.get(tool)
    if (known) return known
    const found = prepared.filter(({ rule: { match } }) => match.tools === undefined || fitsTools(match.tools, tool))
    if (byTool.size >= MAX_TOOLS) byTool.clear()
    byTool.set(tool, found)
    return found
  }
  return {
    async speaking(facts, now) {
      const speaking: SpeakingRule[] = []
      let since = performance.now()
      for (const each of ofTool(facts.ask.toolName)) {
        if (!holds(each, facts.context, now)) continue
        if (performance.now() - since > MAX_SLICE_MS) {
          await setImmediate()
          since = performance.now()
        }
        const coverage = coverageOf(each, facts)
        if (coverage !== 'none') speaking.push({ rule: each.rule, prepared: each, coverage })
      }
      return speaking
    },
  }
}
