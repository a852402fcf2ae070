/*
 * What the password worker is asked and what it answers. Everything here is copied between threads, so it is plain data.
 */

export type PasswordJob =
  | { kind: 'hash'; password: string; rounds: number }
  /**
   * Costs as much work as a hash of `cost` rounds, whatever `stored` is: null, or nothing that bcrypt made, stands for
   * "no such password". `spellings` are forms of one password, tried one after the other, all of them.
   */
  | { kind: 'compare'; spellings: string[]; stored: string | null; cost: number }
  /** `knownWords`: what a guesser would try first here. */
  | { kind: 'estimate'; password: string; knownWords: string[] }

/** How hard a password is to guess. */
export interface Strength {
  /** 0 to 4, as zxcvbn has it: 3 withstands some 10^10 guesses. */
  score: number
  /** Sentences that say what makes it weak and how to do better. */
  suggestions: string[]
}

export type PasswordAnswer =
  | { kind: 'hash'; hash: string }
  | { kind: 'compare'; isRight: boolean }
  | { kind: 'estimate'; strength: Strength }
  | { kind: 'failed'; message: string }
