import type { TurnFailure } from './conversation.ts'

/** What is known of a failed request to the model. */
export interface ModelFailure {
  /** The agent's short name of the failure, such as `authentication_failed`. */
  kind: string | null
  /** HTTP status; null where no answer came. */
  status: number | null
  /** The agent's own text. */
  text: string
  model: string | null
}

interface Rule {
  code: string
  applies: (failure: ModelFailure) => boolean
  sentence: (failure: ModelFailure) => string
}

/** Read from the top; the first that applies speaks. */
const RULES: Rule[] = [
  {
    code: 'auth',
    applies: ({ text }) => /not logged in|please run \/login|login expired|oauth token/i.test(text),
    sentence: () =>
      'Claude Code is not signed in on this machine. Set ANTHROPIC_API_KEY for the server and restart it, or run "claude" in a terminal on this machine and sign in; then send the prompt again.',
  },
  {
    code: 'auth',
    applies: ({ kind }) => kind === 'cloud_credential_error',
    sentence: ({ text }) => `The cloud provider's credentials were refused: ${text}. Renew them on this machine and send the prompt again.`,
  },
  {
    code: 'auth',
    applies: ({ kind }) => kind === 'oauth_org_not_allowed' || kind === 'account_on_hold' || kind === 'verification_required',
    sentence: ({ text }) => `Anthropic does not let this account go on: ${text}.`,
  },
  {
    code: 'billing',
    applies: ({ kind, status, text }) => kind === 'billing_error' || status === 402 || /credit balance|billing/i.test(text),
    sentence: () =>
      'The account that pays for the model has no credit left. Add credit in the Anthropic console (or use another key), then send the prompt again.',
  },
  {
    code: 'auth',
    applies: ({ status }) => status === 401,
    sentence: () =>
      'The model refused the API key (401). Check ANTHROPIC_API_KEY on the server, restart it after a change, and send the prompt again.',
  },
  {
    code: 'auth',
    applies: ({ kind, status }) => status === 403 || kind === 'authentication_failed',
    sentence: () =>
      'The model refused this account (403): the key or login may not use it, or not from here. Check the account behind ANTHROPIC_API_KEY and send the prompt again.',
  },
  {
    code: 'prompt_too_long',
    applies: ({ kind, text }) => kind === 'prompt_too_long' || /prompt is too long/i.test(text),
    sentence: () =>
      'The conversation no longer fits into the model. Shorten it with /compact, start a new session, or attach less, then send the prompt again.',
  },
  {
    code: 'model_not_found',
    applies: ({ kind, status }) => kind === 'model_not_found' || status === 404,
    sentence: ({ model }) =>
      `The model ${model ?? 'that is chosen'} does not exist or this account may not use it. Choose another model and send the prompt again.`,
  },
  {
    code: 'rate_limit',
    applies: ({ kind, status }) => kind === 'rate_limit' || status === 429,
    sentence: () => "The account's rate limit is used up (429). Wait a little and send the prompt again.",
  },
  {
    code: 'overloaded',
    applies: ({ kind, status }) => kind === 'overloaded' || status === 529,
    sentence: () => 'The model is overloaded (529). Wait a little and send the prompt again, or choose another model.',
  },
  {
    code: 'network',
    applies: ({ kind, text }) =>
      kind === 'connection_failed' ||
      /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|ECONNRESET|connection (refused|error|failed)|fetch failed/i.test(text),
    sentence: () =>
      'The model cannot be reached: the connection was refused or broke off. Check the network, the proxy and ANTHROPIC_BASE_URL, then send the prompt again.',
  },
  {
    code: 'max_output_tokens',
    applies: ({ kind }) => kind === 'max_output_tokens',
    sentence: () => 'The answer was cut because it reached the longest output that is allowed. Ask for a shorter one or for the rest.',
  },
  {
    code: 'server',
    applies: ({ status }) => status !== null && status >= 500,
    sentence: ({ status }) => `The model's server failed (${String(status)}). Send the prompt again in a moment.`,
  },
]

/** The failure as a code and one or two sentences that say what happened and what to do. Pure. */
export function describeModelFailure(failure: ModelFailure): TurnFailure {
  const rule = RULES.find((each) => each.applies(failure))
  const status = failure.status ?? undefined
  if (rule) return { code: rule.code, status, message: rule.sentence(failure) }
  const said = failure.text.replace(/^API Error:\s*/i, '').trim()
  return {
    code: 'agent',
    status,
    message: said === '' ? 'Claude Code stopped with an error that it did not explain.' : `Claude Code stopped with an error: ${said}`,
  }
}

const LIMITS: Record<string, TurnFailure> = {
  error_max_turns: {
    code: 'max_turns',
    message: 'Claude Code stopped because it reached the most steps that one turn may take. Send a prompt to let it go on.',
  },
  error_max_budget_usd: {
    code: 'budget',
    message: 'Claude Code stopped because the budget for this session is used up.',
  },
}

/** The sentence for a result that ended at a limit; undefined for any other. */
export function describeLimit(subtype: string): TurnFailure | undefined {
  return LIMITS[subtype]
}

/** The sentence for a retry, so that waiting does not look like a hang. Pure. */
export function describeRetry(status: number | null, { attempt, max, delayMs }: { attempt: number; max: number; delayMs: number }): string {
  const cause =
    status === null
      ? 'The model could not be reached'
      : status === 429
        ? 'The rate limit is used up'
        : status === 529
          ? 'The model is overloaded'
          : 'The model failed'
  const answered = status === null ? '' : ` (${String(status)})`
  const seconds = Math.max(1, Math.round(delayMs / 1000))
  return `${cause}${answered}. Trying again in ${String(seconds)} s, attempt ${String(attempt)} of ${String(max)}.`
}
