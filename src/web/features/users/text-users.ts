import type { Role } from '#protocol/auth'

/* Every sentence about users and invitations, in English. */

export const usersText = {
  title: 'Accounts',
  description: 'Everybody who may sign in here. Each prompts and decides in their own sessions alone.',
  list: 'Accounts',
  loading: 'Loading users',
  failed: 'The users could not be loaded',
  retry: 'Try again',
  you: 'You',
  disabled: 'Disabled',
  secondFactor: 'Second factor',
  noSecondFactor: 'No second factor',
  devices: (count: number) => {
    if (count === 0) return 'Signed in nowhere'
    return count === 1 ? 'Signed in on 1 device' : `Signed in on ${count} devices`
  },
  lastLogin: 'Last sign-in',
  neverSignedIn: 'Never signed in',
  actions: (name: string) => `Actions for ${name}`,
  changeRole: 'Change role',
  disable: 'Disable',
  enable: 'Enable',
  remove: 'Remove',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  saving: 'Saving…',
  reason: 'This changes who can get in here, so it needs a fresh proof that it is you.',
}

export const roleNames: Readonly<Record<Role, string>> = { owner: 'Owner', member: 'Member', viewer: 'Viewer' }

export const roleMeanings: Readonly<Record<Role, string>> = {
  owner: 'Everything a member may, sees the sessions of all, and manages users.',
  member:
    'Adds projects, starts sessions, prompts and decides in them, and so can run commands on this machine. Sees no sessions of others.',
  viewer: 'Watches the sessions of all, and changes nothing.',
}

export const changeRoleText = {
  title: (name: string) => `Role of ${name}`,
  role: 'Role',
}

export const disableText = {
  title: (name: string) => `Disable ${name}?`,
  text: (name: string) =>
    `${name} is signed out everywhere at once and cannot sign in until you enable the account again. API keys stop working, sessions and history stay.`,
  disabling: 'Disabling…',
}

export const enableText = {
  title: (name: string) => `Enable ${name}?`,
  text: (name: string) => `${name} can sign in again, with the password and second factors from before.`,
  enabling: 'Enabling…',
}

export const removeText = {
  title: (name: string) => `Remove ${name} for good?`,
  text: (name: string) =>
    `The account of ${name}, its password, second factors and API keys are deleted, and every device is signed out at once. The sessions stay readable. This cannot be undone; to keep somebody out for a while, disable the account instead.`,
  confirm: (name: string) => `Type ${name} to confirm`,
  remove: 'Remove for good',
  removing: 'Removing…',
}

export const invitationsText = {
  title: 'Invitations',
  description: 'A link that lets one person make an account. It works once and only until it expires.',
  list: 'Open invitations',
  loading: 'Loading invitations',
  failed: 'The invitations could not be loaded',
  none: 'No invitation is open.',
  invite: 'Invite somebody',
  forRole: (role: string) => `As ${role.toLowerCase()}`,
  created: 'Created',
  expires: (when: string) => `Expires ${when}`,
  revoke: 'Revoke',
  revokeNamed: (role: string, when: string) => `Revoke the invitation as ${role.toLowerCase()} that expires ${when}`,
  revoking: 'Revoking…',
}

export const inviteText = {
  title: 'Invite somebody',
  role: 'Role',
  lasts: 'The link works for',
  durations: { '1': '1 hour', '24': '1 day', '72': '3 days', '168': '7 days' },
  create: 'Create link',
  creating: 'Creating…',
}

export const newInvitationText = {
  title: 'The invitation',
  once: (role: string, expires: string) =>
    `Whoever opens this link first can make an account as ${role.toLowerCase()}, until ${expires}. Send it to that person alone. It will not be shown again.`,
  link: 'Link',
  copy: 'Copy the link',
  copied: 'Copied',
  share: 'Share',
  shareTitle: 'Invitation to AI Code UI',
  done: 'Done',
}
