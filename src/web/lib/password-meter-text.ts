/** What the meter says of a new password. Apart from the other sentences, since few need it. */
export const meterText = {
  rule: 'At least 10 characters.',
  idea: 'A few unrelated words are easy to remember and hard to guess.',
  missing: (count: number) => (count === 1 ? '1 more character is needed.' : `${count} more characters are needed.`),
  tooLong: 'Too long',
  tooLongAdvice: 'The password is longer than 72 bytes. Use a shorter one; accents and emoji count more than one byte.',
  longEnough: 'Long enough',
  scores: ['Very easy to guess', 'Very easy to guess', 'Too easy to guess', 'Strong enough', 'Strong'],
}
