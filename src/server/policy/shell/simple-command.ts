/** One program with literal words: `words[0]` is the program. Nothing in it is expanded by a shell. */
export interface SimpleCommand {
  words: readonly string[]
}
