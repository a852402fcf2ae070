/* The sentences of the screen that an invitation shows to somebody who is signed in; loaded with it. */

export const invitationText = {
  title: 'You are signed in already',
  text: (name: string) =>
    `The invitation that you opened is for somebody without an account here, and you are signed in as ${name}. Sign out to make another account with it, or pass the link on.`,
  openToAll: 'The invitation that you opened is of no use here: this server asks nobody to sign in.',
  signOut: 'Sign out and open the invitation',
  signingOut: 'Signing out…',
  stay: (name: string) => `Stay signed in as ${name}`,
  goOn: 'Go on',
}
