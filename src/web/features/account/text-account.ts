import type { PasskeyFailureReason } from '../../lib/passkeys.ts'

/* The sentences of the account screen and of the dialog that asks for a fresh proof. */

export const commonText = {
  cancel: 'Cancel',
  close: 'Close',
  tryAgainNow: 'You can try again now.',
  tryAgainIn: (seconds: number) => {
    if (seconds >= 120) return `Too many attempts. Try again in ${Math.ceil(seconds / 60)} minutes.`
    return seconds === 1 ? 'Too many attempts. Try again in 1 second.' : `Too many attempts. Try again in ${seconds} seconds.`
  },
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

export const accountText = {
  title: 'Account and devices',
  platformTitle: 'This server asks nobody to sign in',
  platform:
    'It runs in platform mode: whoever reaches it uses one account, so there is no password, no second factor and no device to look after. Start it without PLATFORM_MODE to have accounts.',
}

export const profileText = {
  title: 'Profile',
  name: 'Name',
  role: 'Role',
  memberSince: 'Member since',
  lastLogin: 'Last sign-in',
  roles: { owner: 'Owner', member: 'Member', viewer: 'Viewer' },
  mayDo: {
    owner: 'May do everything, and invites others.',
    member: 'Works with agents, files and terminals.',
    viewer: 'Sees sessions and changes nothing.',
  },
}

export const passwordText = {
  title: 'Password',
  description: 'Changing it signs out every other device.',
  change: 'Change password',
  changing: 'Changing…',
  current: 'Current password',
  next: 'New password',
  currentMissing: 'Enter the current password.',
  nextMissing: 'Enter a new password.',
  changed: 'The password was changed. All other devices were signed out.',
  /** Before the links to what is left. */
  stillHave: 'You still have',
  and: ' and ',
  review: '. Review what opens the account without the password.',
  apiKeys: (count: number) => (count === 1 ? '1 API key' : `${count} API keys`),
  passkeys: (count: number) => (count === 1 ? '1 passkey' : `${count} passkeys`),
}

export const twoFactorText = {
  title: 'Two-factor sign-in',
  description: 'With an authenticator app on your phone, a stolen password alone opens nothing.',
  loading: 'Loading the second factors',
  failed: 'The second factors could not be loaded',
  list: 'Second factors',
  app: 'Authenticator app',
  on: 'On',
  since: (date: string) => `Since ${date}`,
  notSetUp: 'Not set up',
  setUp: 'Set up',
  settingUp: 'Starting…',
  turnOff: 'Turn off',
  turnedOn: 'The authenticator app is on. Signing in asks for a code from now on.',
  turnedOff: 'The authenticator app was turned off.',
  codesMade: 'The new recovery codes are in force, the old ones no longer work.',
  turnOffTitle: 'Turn off the authenticator app?',
  turnOffText: 'Signing in no longer asks for its codes. Remove the entry from the app afterwards; its codes will not work again.',
  turningOff: 'Turning off…',
  recovery: 'Recovery codes',
  left: (count: number) => (count === 1 ? '1 code left' : `${count} codes left`),
  few: 'Make new ones before they run out: without the app and without a code, only the host can let you in.',
  newCodes: 'New codes',
  newCodesTitle: 'Make new recovery codes?',
  newCodesText: 'You get ten new ones. The old ones stop working at once.',
  makeNewCodes: 'Make new codes',
  makingNewCodes: 'Making…',
  keep: 'Keep',
  reasons: {
    setUp: 'A second factor decides who can sign in, so setting one up needs a fresh proof.',
    turnOff: 'Without the second factor the account is easier to get into, so turning it off needs a fresh proof.',
    newCodes: 'Whoever has a recovery code can sign in with it, so making new ones needs a fresh proof.',
  },
}

export const enrolText = {
  title: 'Set up an authenticator app',
  scan: 'Scan this code with an authenticator app or a password manager.',
  qr: 'QR code for the authenticator app',
  open: 'Open in an app on this device',
  byHand: 'Or enter this key by hand',
  copyKey: 'Copy the key',
  code: 'Code that the app shows now',
  codeHint: 'Six digits. They show that the app is set up.',
  codeMissing: 'Enter the six digits that the app shows.',
  turnOn: 'Turn on',
  turningOn: 'Checking…',
}

export const recoveryText = {
  title: 'Save your recovery codes',
  text: 'Each one signs you in once when the app is out of reach. Keep them where you would find them without your phone, such as a password manager. They are not shown again.',
  list: 'Recovery codes',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'The browser did not allow it. Select the codes and copy them by hand.',
  download: 'Download',
  saved: 'I have saved these codes',
  saveFirst: 'Save the codes first, then tick the box. They are not shown again.',
  done: 'Done',
  fileName: 'ai-code-ui-recovery-codes.txt',
  file: (host: string, name: string, codes: readonly string[]) =>
    [`Recovery codes of AI Code UI, ${host}, for ${name}`, 'Each works once.', '', ...codes, ''].join('\n'),
}

export const passkeyText = {
  title: 'Passkeys',
  description: 'Sign in with a fingerprint, a face, a PIN or a security key. A passkey cannot be guessed and works on no other site.',
  loading: 'Loading the passkeys',
  failed: 'The passkeys could not be loaded',
  list: 'Passkeys',
  none: 'No passkey yet.',
  add: 'Add a passkey',
  addTitle: 'Add a passkey',
  addText: 'The browser asks where to keep it: on this device, in your password manager, or on a security key.',
  name: 'Name',
  nameHint: 'To tell it from others in this list.',
  nameMissing: 'Enter a name.',
  defaultName: 'This device',
  continue: 'Continue',
  adding: 'Waiting for the browser…',
  added: (date: string) => `Added ${date}`,
  lastUsed: 'Last used',
  neverUsed: 'Never used',
  wasAdded: (name: string) => `${name} was added. You can sign in with it from now on.`,
  wasRemoved: (name: string) => `${name} was removed.`,
  synced: 'Synchronised between devices',
  oneDevice: 'On one device only',
  onlyAt: (host: string) => `Works at ${host}`,
  actions: (name: string) => `Actions for ${name}`,
  rename: 'Rename',
  renameTitle: 'Rename the passkey',
  save: 'Save',
  saving: 'Saving…',
  remove: 'Remove',
  removing: 'Removing…',
  removeTitle: (name: string) => `Remove ${name}?`,
  removeText: 'It no longer signs in here. Your device or password manager may go on offering it until you delete it there too.',
  keep: 'Keep',
  addReason: 'A passkey signs in without the password, so adding one needs a fresh proof.',
  removeReason: 'Removing a passkey changes how you can sign in, so it needs a fresh proof.',
  unavailableTitle: 'Passkeys cannot be added under this address',
  unavailable: {
    'ip-address': 'Browsers tie a passkey to a name, and this page was opened by an IP address.',
    insecure: 'Browsers allow passkeys on encrypted connections only, and this one is not encrypted.',
    browser: 'This browser has no passkeys. Use a current version of Chrome, Edge, Firefox or Safari.',
    server: 'The server cannot tie a passkey to the name under which this page was opened.',
  },
  openLocally: (url: string) => `Open ${url} instead.`,
  openByName: 'Open the product over HTTPS and by a name, for example through a reverse proxy with a certificate.',
}

export const deviceText = {
  title: 'Devices',
  description: 'Where you are signed in. Sign out what you do not know, then change the password.',
  loading: 'Loading the devices',
  failed: 'The devices could not be loaded',
  list: 'Signed-in devices',
  current: 'This device',
  methods: {
    password: 'Password',
    'password+totp': 'Password and authenticator app',
    'password+recovery-code': 'Password and recovery code',
    'password+passkey': 'Password and passkey',
    passkey: 'Passkey',
    setup: 'Setup code',
    invitation: 'Invitation',
  },
  lastUsed: 'Last used',
  signedIn: 'Signed in',
  activeNow: 'Active now',
  signOut: 'Sign out',
  signOutNamed: (device: string, address: string) => `Sign out: ${device} at ${address}`,
  signingOut: 'Signing out…',
  wasEnded: (device: string) => `${device} was signed out.`,
  othersEnded: 'All other devices were signed out.',
  onlyThis: 'No other device is signed in.',
  signOutOthers: 'Sign out all other devices',
  othersTitle: 'Sign out all other devices?',
  othersText: (count: number) =>
    count === 1
      ? 'One other device has to sign in again. This one stays signed in.'
      : `${count} other devices have to sign in again. This one stays signed in.`,
  keep: 'Keep',
}
