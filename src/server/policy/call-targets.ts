import type { CallTargets } from '#protocol/approvals'
import type { ApprovalAsk } from '../providers/provider.ts'
import { domainsOf } from './call-domains.ts'
import { type CallContext, factsOf } from './call-facts.ts'
import type { CallPath } from './call-paths.ts'

const MAX_SHOWN = 20
const MAX_LENGTH = 300
const MAX_TEXT = 20_000
/** `https://user@host:port/…` and `user@host:path`. */
const ADDRESS = /\b(?!file:)[a-z][a-z0-9+.-]{0,20}:\/\/(?:[^\s/@'"]*@)?(\[[0-9a-f:.]+\]|[^\s/:?#'"`\\()<>|&;,]+)/gi
const LOGIN = /(?<![\w/.-])[\w.-]+@([\w-]+(?:\.[\w-]+)*):/g
/** What these are given is a site where it looks like one. */
const NETWORK_PROGRAM = /(?:^|[\s;|&(`/])(?:curl|wget|ssh|scp|sftp|rsync|nc|ncat|netcat|telnet|ping|ftp|dig|nslookup|host)\s([^\n;|&]*)/g
const SITE = /(?:^|[\s@])((?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}|localhost|\d{1,3}(?:\.\d{1,3}){3})(?=$|[\s:/])/gu
/** Where output goes to be forgotten. */
const NOWHERE = new Set(['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/tty'])

/** The sites that a call names, and the paths that lead out of the project. */
export async function targetsOf(ask: ApprovalAsk, context: CallContext): Promise<CallTargets> {
  const { paths } = await factsOf(ask, context)
  return { hosts: shown(hostsOf(ask)), outside: shown(paths.flatMap(outsideOf)) }
}

function hostsOf(ask: ApprovalAsk): string[] {
  // What is written into a file reaches nothing by being written.
  if (ask.approvalKind === 'edit') return []
  const { command } = ask.toolInput
  const text = (typeof command === 'string' ? command : JSON.stringify(ask.toolInput)).slice(0, MAX_TEXT)
  const named = [...text.matchAll(ADDRESS), ...text.matchAll(LOGIN)].flatMap(([, host]) => host ?? [])
  const given = [...text.matchAll(NETWORK_PROGRAM)].flatMap(([, words = '']) => [...words.matchAll(SITE)].flatMap(([, host]) => host ?? []))
  return [...domainsOf(ask).map(({ host }) => host), ...named, ...given].map((host) => host.toLowerCase())
}

function outsideOf({ given, real, isInside }: CallPath): string[] {
  // The rest of an address.
  if (isInside || given.startsWith('//') || NOWHERE.has(given)) return []
  return [real === null || real === given ? given : `${given} → ${real}`]
}

function shown(values: readonly string[]): string[] {
  const cut = values.map((value) => (value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH)}…` : value))
  return [...new Set(cut)].slice(0, MAX_SHOWN)
}
