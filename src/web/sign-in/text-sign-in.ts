import type { Role } from '#protocol/auth'

/*
 * Every sentence of the sign-in page, in English; no part of the app's first load. What depends on a value is a function
 * that returns the whole sentence, so that a translation may order its words freely.
 */

export const pageText = {
  product: 'AI Code UI',
  pageTitle: (title: string) => `${title} · AI Code UI`,
  loading: 'Connecting to the server…',
  failedTitle: 'The server cannot be reached',
  hostSecure: (host: string) => `${host} · secure connection`,
  hostHere: (host: string) => `${host} · on this machine`,
  hostOpen: (host: string) => `${host} · the connection is not encrypted`,
  demo: 'Demo: a scripted model answers, nothing leaves this machine.',
  marker: 'The browser refused the cookies that keep you signed in. Allow cookies for this address and try again.',
}

export const formText = {
  username: 'Name',
  password: 'Password',
  newPassword: 'New password',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  show: 'Show',
  hide: 'Hide',
  create: 'Create account',
  creating: 'Creating…',
  usernameMissing: 'Enter a name.',
  usernameRule: 'A name has 1 to 64 letters, digits, ".", "_" or "-", and starts with a letter or digit.',
  passwordMissing: 'Enter the password.',
  passwordTooShort: 'The password needs at least 10 characters.',
}

export const waitText = {
  tooMany: 'Too many attempts. For the safety of the account, the next one has to wait.',
  /** `clock` as in `0:42`. */
  left: (clock: string) => `Try again in ${clock}`,
  begins: (duration: string) => `You can try again in ${duration}.`,
  over: 'You can try again now.',
  seconds: (count: number) => (count === 1 ? '1 second' : `${count} seconds`),
  minutes: (count: number) => (count === 1 ? '1 minute' : `${count} minutes`),
}

export const signInText = {
  title: 'Sign in',
  signIn: 'Sign in',
  signingIn: 'Signing in…',
  or: 'or',
  passkey: 'Sign in with a passkey',
  passkeyWaiting: 'Waiting for the passkey…',
}

export const setupText = {
  title: 'Create the owner account',
  intro: 'This account owns the installation: it manages the users and can do everything here.',
  setupCode: 'Setup code',
  setupCodeHint: 'Printed in the terminal where the server was started.',
  setupCodeMissing: 'Enter the setup code. It was printed in the terminal where the server was started.',
}

export const factorText = {
  title: 'Second factor',
  who: (name: string) => `Signing in as ${name}`,
  code: 'Code of the authenticator app',
  codeHint: 'Six digits. They are sent as soon as the sixth is there.',
  codeMissing: 'Enter the six digits that the authenticator app shows.',
  codeWrong:
    'This code is not right or was used already. Wait for the next one. If that fails too, check that the clock of the device with the app is right.',
  recoveryCode: 'Recovery code',
  recoveryCodeHint: 'One of those you were given with the second factor. Each works once.',
  recoveryCodeMissing: 'Enter one of your recovery codes.',
  recoveryCodeWrong: 'This recovery code is not right or was used already. Check it for typing errors, or take another one.',
  passkeyWrong: 'The server did not accept this passkey. Try again, or use another way.',
  passkeyOnly: 'Confirm with the passkey of this account.',
  elsewhere: 'The passkeys of this account belong to another address. Open the product there, or use a recovery code.',
  verify: 'Continue',
  verifying: 'Checking…',
  usePasskey: 'Use a passkey',
  passkeyWaiting: 'Waiting for the passkey…',
  useRecoveryCode: 'Use a recovery code',
  useCode: 'Use the authenticator app',
  back: 'Back',
  lost: 'Without any of these, the owner of this machine can let you in again with the command “ai-code-ui user reset-password”.',
}

export const passkeyText = {
  dismissed: 'No passkey was used. Try again, or choose another way.',
  'known-already': 'This passkey cannot be used here.',
  'wrong-address': 'Passkeys belong to another address of this product. Open it there, or choose another way.',
  'no-authenticator': 'This device could not use a passkey. Choose another way.',
  unknown: 'The server does not know this passkey, or it could not be checked. Try again, or sign in with the password.',
}

const ROLE_NAMES: Record<Role, string> = { owner: 'an owner', member: 'a member', viewer: 'a viewer' }

export const invitationText = {
  title: 'Create your account',
  invites: (by: string, role: Role) => `${by} invites you as ${ROLE_NAMES[role]}.`,
  roles: {
    owner: 'An owner manages the users and can do everything here.',
    member: 'A member starts sessions, decides what their agents may do, and works with files and terminals on this machine.',
    viewer: 'A viewer reads all sessions, and changes, allows and runs nothing.',
  } satisfies Record<Role, string>,
  expires: (when: string) => `The invitation can be used until ${when}.`,
  voidTitle: 'This invitation is not valid',
  voidText: 'It was used, was withdrawn or has expired. Ask whoever sent it, or an owner of this server, for a new one.',
  toSignIn: 'Sign in instead',
}

export const accessKeyText = {
  title: 'Access key',
  intro:
    'This server answers only those who have its access key, the API_KEY that it was started with. It is asked for once on each device.',
  key: 'Access key',
  missing: 'Enter the access key.',
  wrong: 'This is not the access key. Ask whoever runs the server; it may have been changed.',
  go: 'Continue',
  checking: 'Checking…',
}

export const endText = {
  reusedTitle: 'Your login was ended for safety',
  reused:
    'Its refresh token was used twice. Somebody may have copied it from this browser; a restored backup or a copied browser profile does the same.',
  reusedSteps: [
    'Sign in here again.',
    'Look through the list of devices and end those you do not know.',
    'If in doubt, change the password.',
  ],
  ended: 'You were signed out: the login expired, was ended on another device, or the account was changed. Sign in to go on.',
}
