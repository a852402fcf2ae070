import type { Scope } from '#protocol/permissions'

/* Every sentence about API keys, in English. */

export const keysText = {
  title: 'API keys',
  description:
    'A key lets a program act for you, within what you allow it. Whoever has the key can do the same, so give each program its own.',
  list: 'Your API keys',
  loading: 'Loading API keys',
  failed: 'The API keys could not be loaded',
  retry: 'Try again',
  none: 'You have no API keys.',
  create: 'Create API key',
  created: 'Created',
  neverExpires: 'Never expires',
  expires: (date: string) => `Expires ${date}`,
  expired: 'Expired',
  expiredOn: (date: string) => `Expired ${date}`,
  neverUsed: 'Never used',
  used: 'Last used',
  may: (scopes: string) => `May ${scopes}`,
  revoke: 'Revoke',
  revokeNamed: (name: string) => `Revoke ${name}`,
  revoking: 'Revoking…',
  revokeTitle: (name: string) => `Revoke ${name}?`,
  revokeText: 'Programs that use this key are refused at once, and their connections are closed. A revoked key cannot come back.',
  keep: 'Keep',
  close: 'Close',
}

export const createKeyText = {
  title: 'Create an API key',
  name: 'Name',
  nameHint: 'What it is for, such as the program that will use it.',
  nameMissing: 'Give it a name.',
  scopes: 'What it may do',
  scopesMissing: 'Choose at least one.',
  expiry: 'Expires',
  expiries: { '30': 'In 30 days', '90': 'In 90 days', '365': 'In a year', never: 'Never' },
  cancel: 'Cancel',
  create: 'Create key',
  creating: 'Creating…',
  reason: 'Whoever has an API key can act as you, so it needs a fresh proof that it is you.',
}

export const newKeyText = {
  title: (name: string) => `The key for ${name}`,
  once: 'Copy it now. It will not be shown again: only a hash of it is kept.',
  key: 'API key',
  copy: 'Copy the key',
  copied: 'Copied',
  example: 'For example',
  copyExample: 'Copy the example',
  curl: (origin: string) => `curl -H 'Authorization: Bearer acu_…' ${origin}/api/auth/user`,
  done: 'Done',
}

/** In a list, as in “May read, send prompts”. */
export const scopeWords: Readonly<Record<Scope, string>> = {
  read: 'read',
  chat: 'send prompts',
  approve: 'decide',
  files: 'use files',
  terminal: 'use terminals',
  admin: 'see users and the audit log',
}

export const scopeChoices: Readonly<Record<Scope, { label: string; meaning: string }>> = {
  read: { label: 'Read', meaning: 'See projects, sessions and what is said in them.' },
  chat: { label: 'Send prompts', meaning: 'Start sessions, send prompts to your own and stop them.' },
  approve: {
    label: 'Decide',
    meaning: 'Allow or reject what agents ask for, and trust projects. It can let commands run on this machine.',
  },
  files: { label: 'Use files', meaning: 'Add and remove projects, see the folders that a project may be in.' },
  terminal: { label: 'Use terminals', meaning: 'Run any command on this machine.' },
  admin: { label: 'Administer', meaning: 'See users and the audit log, revoke invitations. Changing users takes a person.' },
}
