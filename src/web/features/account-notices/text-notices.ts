/* Every sentence about what happened to the account, in English. */

export const noticeText = {
  label: 'About your account',
  more: (count: number) => `${count} more`,
  dismiss: 'Dismiss',
  yes: 'Yes, that was me',
  endLogin: 'End that login',
  ending: 'Ending…',
  ended: (device: string) => `${device} is signed out. If it was not you, somebody knows your password: change it.`,
  changePassword: 'Change password',
  lookAtDevices: 'Look at devices',
  lookAtFactors: 'Look at second factors',
  lookAtKeys: 'Look at API keys',
  someDevice: 'A device',
}

export const sentences = {
  newLogin: (device: string, when: string, address: string | null) =>
    address === null ? `${device} signed in ${when}. Was that you?` : `${device} signed in ${when} from ${address}. Was that you?`,
  refreshReused: (place: string, when: string) =>
    `A device was signed out ${when}: the secret that keeps it signed in came a second time, from ${place}. Unless you know why, somebody copied it: look at your devices and change the password.`,
  passwordChanged: (place: string, when: string) => `Your password was changed ${when} on ${place}. Every other device was signed out.`,
  passwordReset: (when: string) => `Your password was reset ${when} by whoever runs this server.`,
  factorAdded: (what: string, place: string, when: string) => `${what} was added ${when} on ${place}.`,
  factorRemoved: (what: string, place: string, when: string) => `${what} was removed ${when} on ${place}.`,
  factorsReset: (when: string) => `All second factors were removed ${when} by whoever runs this server: set up new ones.`,
  recoveryCodeUsed: (place: string, when: string, left: number | null) => {
    const used = `A recovery code was used ${when} on ${place}.`
    if (left === null) return used
    if (left === 0) return `${used} None is left: make new ones.`
    return left === 1 ? `${used} One is left: make new ones.` : `${used} ${left} are left.`
  },
  apiKeyCreated: (name: string | null, place: string, when: string) =>
    name === null ? `An API key was created ${when} on ${place}.` : `The API key “${name}” was created ${when} on ${place}.`,
  failedLogins: (count: number | null, when: string) =>
    `${count === null ? 'Attempts' : `${count} attempts`} to sign in with your name failed before the sign-in ${when}. If that was not you, change the password.`,
  placeAt: (device: string, address: string) => `${device} at ${address}`,
  at: (time: string) => `at ${time}`,
  on: (day: string, time: string) => `on ${day} at ${time}`,
}

/** A second factor as the server names it, such as `totp`, and as its owner does. */
export function factorName(factor: string | number | undefined, name: string | null): string {
  if (factor === 'totp') return 'An authenticator app'
  if (factor !== 'passkey') return 'A second factor'
  return name === null ? 'A passkey' : `The passkey “${name}”`
}
