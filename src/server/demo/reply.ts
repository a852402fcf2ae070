/** One thing the scripted model says. `call` is a tool call; its arguments are streamed as JSON. */
export type Block =
  | { type: 'thinking'; text: string }
  | { type: 'text'; text: string }
  | { type: 'call'; name: string; input: Record<string, unknown> }

export const think = (text: string): Block => ({ type: 'thinking', text })
export const say = (text: string): Block => ({ type: 'text', text })
export const call = (name: string, input: Record<string, unknown>): Block => ({ type: 'call', name, input })

/** A shell command with the sentence that a person reads on its card. */
export const bash = (command: string, description: string): Block => call('Bash', { command, description })
