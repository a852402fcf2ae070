import type { Block } from './reply.ts'
import type { Turn } from './turn.ts'

/** One thing that the scripted model can do. Stateless: what to do next follows from what the turn has done so far. */
export interface Scenario {
  /** A prompt that leads here, shown to people who do not know what to ask. */
  example: string
  matches(prompt: string): boolean
  /** The next answer of the turn. The last one contains no call. */
  play(turn: Turn): Block[]
  /** What it would do, as Markdown. In plan mode a scenario that has this is planned and approved before it is played. */
  plan?: (prompt: string) => string
}

/** A scenario that can be planned. */
export type Work = Scenario & Required<Pick<Scenario, 'plan'>>
