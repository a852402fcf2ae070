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
  refreshReused: (device: string, when: string) =>
    `${device} was signed out ${when}: the secret that keeps it signed in came twice, as it does when somebody copied it. Look at your devices and change the password, unless you know why.`,
  passwordChanged: (place: string, when: string) => `Your password was changed ${when} on ${place}. Every other device was signed out.`,
  passwordReset: (when: string) => `Your password was reset ${when} by whoever runs this server.`,
  factorAdded: (what: string, place: string, when: string) => `${what} was added ${when} on ${place}.`,
  factorRemoved: (what: string, place: string, when: string) => `${what} was removed ${when} on ${place}.`,
  recoveryCodeUsed: (place: string, when: string, left: number | null) => {
    const used = `A recovery code was used ${when} on ${place}.`
    if (left === null) return used
    if (left === 0) return `${used} None is left: make new ones.`
    return left === 1 ? `${used} One is left: make new ones.` : `${used} ${left} are left.`
  },
  apiKeyCreated: (name: string | null, place: string, when: string) =>
    name === null ? `An API key was created ${when} on ${place}.` : `The API key “${name}” was created ${when} on ${place}.`,
  failedLogins: (count: number | null, when: string, address: string | null) => {
    const who = count === null ? 'Attempts' : count === 1 ? 'One attempt' : `${count} attempts`
    const from = address === null ? '' : `, the last from ${address}`
    return `${who} to sign in with your name failed, up to ${when}${from}. Your account is safe as long as nobody has your password.`
  },
  at: (time: string) => `at ${time}`,
  on: (day: string, time: string) => `on ${day} at ${time}`,
}

const factorNames: Readonly<Record<string, string>> = {
  totp: 'An authenticator app',
  passkey: 'A passkey',
  'recovery-codes': 'A set of recovery codes',
}

/** A second factor as the server names it, such as `totp`. */
export function factorName(factor: string | number | undefined): string {
  return factorNames[String(factor)] ?? 'A second factor'
}
