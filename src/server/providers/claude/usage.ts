import type { SessionEvent } from '#protocol/session-events'
import { type Conversation, headOf } from './conversation.ts'
import type { ApiUsage, ResultMessage } from './native-messages.ts'

interface Counts {
  input: number
  cachedInput: number
  output: number
  reasoning: number
}

/** Tokens of one turn's main conversation. */
export function tokenCounts(usage: ApiUsage | null | undefined): Counts | undefined {
  if (!usage) return undefined
  return {
    input: (usage.input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
    cachedInput: usage.cache_read_input_tokens ?? 0,
    output: usage.output_tokens ?? 0,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
  }
}

/** The session's totals: the agent counts all models and sub-agents together, over all turns. */
export function usageEvent(conversation: Conversation, message: ResultMessage): SessionEvent[] {
  const models = Object.entries(message.modelUsage)
  if (models.length === 0) return []
  const tokens: Counts = { input: 0, cachedInput: 0, output: 0, reasoning: 0 }
  for (const [, usage] of models) {
    tokens.input += usage.inputTokens + usage.cacheCreationInputTokens
    tokens.cachedInput += usage.cacheReadInputTokens
    tokens.output += usage.outputTokens
    tokens.reasoning += usage.thinkingTokens ?? 0
  }
  const { model, used } = conversation.context
  const main = models.find(([name]) => name === model) ?? models[0]
  return [
    {
      ...headOf(conversation),
      kind: 'usage.updated',
      contextUsed: used ?? undefined,
      contextWindow: main?.[1].contextWindow,
      tokens,
      costUsd: message.total_cost_usd,
      cumulative: true,
    },
  ]
}
