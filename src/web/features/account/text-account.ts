import type { PasskeyFailureReason } from '../../lib/passkeys.ts'

/* The sentences of the account screen and of the dialog that asks for a fresh proof. */

export const commonText = {
  cancel: 'Cancel',
  close: 'Close',
  tryAgainNow: 'You can try again now.',
  retryAfter: (error: string, seconds: number) => `${error} You can try again in ${seconds} s.`,
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  show: 'Show',
  hide: 'Hide',
  copy: 'Copy',
  copied: 'Copied',
}

export const stepUpText = {
  title: 'Confirm that it is you',
  reason: 'This changes how somebody can get into the account, so it needs a fresh proof.',
  holds: 'The proof holds for 5 minutes on this device.',
  loading: 'Looking up how you can confirm',
  failed: 'It could not be looked up how you can confirm',
  password: 'Password',
  passwordMissing: 'Enter the password.',
  code: 'Code from the authenticator app',
  codeHint: 'Six digits, new every 30 seconds.',
  codeMissing: 'Enter the six digits that the app shows.',
  recoveryCode: 'Recovery code',
  recoveryCodeHint: 'One of the ten that you saved. Each works once.',
  recoveryCodeMissing: 'Enter a recovery code.',
  passkeyExplain: 'The browser asks for a fingerprint, a face, a PIN or a security key.',
  confirm: 'Confirm',
  confirming: 'Confirming…',
  usePasskey: 'Use a passkey',
  waitingForPasskey: 'Waiting for the passkey…',
  others: 'Other ways to confirm',
  switchTo: {
    password: 'Use the password',
    totp: 'Use the authenticator app',
    'recovery-code': 'Use a recovery code',
    passkey: 'Use a passkey',
  },
  noWay: 'Passkeys do not work under this address. Open the product under the address where you added the passkey and try again.',
}

export const passkeyFailureText: Record<PasskeyFailureReason, string> = {
  dismissed: 'The browser gave no passkey: its question was closed, or took too long. Try again.',
  'known-already': 'This device or security key already has a passkey for this account.',
  'wrong-address': 'The browser allows no passkey under this address. Open the product as localhost, or over HTTPS by name.',
  'no-authenticator': 'The device could not use a passkey. Try another device or a security key.',
}
