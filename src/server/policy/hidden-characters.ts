/**
 * Characters that make a text look like something else: controls (line end and tab aside), bidirectional and zero-width
 * ones, fillers, private and unassigned ones, unusual blanks.
 */
const HIDDEN =
  /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]/u
const HIDDEN_ALL = new RegExp(HIDDEN.source, 'gu')

export function hasHiddenCharacter(text: string): boolean {
  return HIDDEN.test(text)
}

export function countHiddenCharacters(text: string): number {
  return text.match(HIDDEN_ALL)?.length ?? 0
}
