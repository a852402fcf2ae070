import { homedir } from 'node:os'
import { dirname, sep } from 'node:path'
import type { ApprovalSuggestion, RememberFor } from '#protocol/approvals'
import type { RuleDraft, RuleMatch } from '#protocol/policy'
import { redactText } from '../platform/redact.ts'
import { isWithin } from '../platform/safe-path.ts'
import type { CallFacts } from './call-facts.ts'
import type { CallPath } from './call-paths.ts'
import { namedFiles } from './named-files.ts'
import { shapeOf } from './suggested-shape.ts'
import { placeOf, shorten, unlessChanged } from './suggestion-words.ts'

/** A rule that would allow the call, in words. */
export type OfferedRule = ApprovalSuggestion & { draft: RuleDraft }

/** The shortest first, as a person is shown them. */
const LIFETIMES: readonly RememberFor[] = ['turn', 'session', 'day', 'forever']
const MAX_REASON = 500

interface Wording {
  id: string
  label: string
  /** Literally what is covered. */
  rule: string
  sentence: string
}

/** The rules that would cover a call, the narrowest first. Whether they may be saved and do allow it is for the caller to check. */
export async function offersFor(facts: CallFacts): Promise<OfferedRule[]> {
  if (facts.ask.approvalKind === 'edit') return [fileOffer(facts), folderOffer(facts)].filter((offer) => offer !== null)
  return [await exactOffer(facts), shapeOffer(facts), readOffer(facts), siteOffer(facts), toolOffer(facts)].filter(
    (offer) => offer !== null,
  )
}

function offer({ ask, context }: CallFacts, match: RuleMatch, wording: Wording): OfferedRule {
  const { userId, projectId } = context
  const reason = shorten(redactText(wording.rule), MAX_REASON)
  const draft: RuleDraft = {
    decision: 'allow',
    scope: { kind: 'project', projectId, userId },
    match: { tools: [ask.toolName], ...match },
    reason,
    expiresAt: null,
  }
  return { ...wording, lifetimes: [...LIFETIMES], draft }
}

async function exactOffer(facts: CallFacts): Promise<OfferedRule | null> {
  const { ask, command, callHash } = facts
  const files = await namedFiles(facts)
  if (files === null) return null
  const { url } = ask.toolInput
  const what = command?.text ?? (typeof url === 'string' ? url : ask.title)
  return offer(
    facts,
    { exact: { callHash, files } },
    {
      id: 'exact',
      label: command === null ? 'Allow this exact call' : 'Allow this exact command',
      rule: `${ask.toolName}: ${what}`,
      sentence: `Allows ${command === null ? `${ask.toolName} with exactly this input` : `exactly the command "${shorten(what, 200)}"`} in ${placeOf(facts)}${unlessChanged(facts, files)}.`,
    },
  )
}

function shapeOffer(facts: CallFacts): OfferedRule | null {
  const shape = shapeOf(facts)
  if (shape === null) return null
  if (!shape.endsWith(' **')) return scriptOffer(facts, shape)
  const start = shape.slice(0, -3)
  return offer(
    facts,
    { command: shape },
    {
      id: 'shape',
      label: `Allow "${start}" with other words`,
      rule: `${facts.ask.toolName}: ${shape}`,
      sentence: `Allows every single command that begins with "${start}", in this project and with harmless options and paths inside it.`,
    },
  )
}

function scriptOffer(facts: CallFacts, shape: string): OfferedRule {
  return offer(
    facts,
    { command: shape },
    {
      id: 'shape',
      label: `Allow "${shape}" whatever it runs`,
      rule: `${facts.ask.toolName}: ${shape}`,
      sentence: `Allows the command "${shape}" in this project, whatever the project's files make of it by then.`,
    },
  )
}

function fileOffer(facts: CallFacts): OfferedRule | null {
  const path = writtenPath(facts)
  if (path === null) return null
  const name = below(facts, path)
  return offer(
    facts,
    { paths: [name] },
    {
      id: 'file',
      label: 'Allow for this file',
      rule: `${facts.ask.toolName}: ${name}`,
      sentence: `Allows ${facts.ask.toolName} to change the file ${name}, in any way.`,
    },
  )
}

function folderOffer(facts: CallFacts): OfferedRule | null {
  const path = writtenPath(facts)
  if (path === null) return null
  const folder = below(facts, dirname(path))
  const isRoot = folder === ''
  const pattern = isRoot ? '*' : `${folder}/**`
  const where = isRoot ? 'directly in the folder of the project' : `in the folder ${folder} and below it`
  return offer(
    facts,
    { paths: [pattern] },
    {
      id: 'folder',
      label: isRoot ? 'Allow for files directly in the project' : `Allow in ${folder}`,
      rule: `${facts.ask.toolName}: ${pattern}`,
      sentence: `Allows ${facts.ask.toolName} to change any file ${where}, but none that other tools obey or that holds secrets.`,
    },
  )
}

/** The one ordinary file inside the project that an edit writes; null for anything else. */
function writtenPath({ ask, paths }: CallFacts): string | null {
  const [written, ...others] = paths.filter(({ access }) => access === 'write')
  if (written === undefined || others.length > 0 || ask.writes.length !== 1) return null
  return written.isInside && isOrdinary(written) ? written.real : null
}

function isOrdinary({ fault, real }: CallPath): boolean {
  return fault === null && real !== null && !/[*?~\n]/.test(real)
}

/** As from the project's folder, which is where a rule's relative paths begin; else absolute. */
function below({ context: { cwd } }: CallFacts, path: string): string {
  return isWithin(cwd, path) ? path.slice(cwd.length + 1) : path
}

/** The one ordinary file outside the project that a call reads; null for anything else. A search would see more than it. */
function readPath({ ask, command, paths: [path, ...others] }: CallFacts): string | null {
  if (ask.toolName !== 'Read' || command !== null || path?.access !== 'read' || others.length > 0) return null
  return !path.isInside && isOrdinary(path) ? path.real : null
}

/** For one file outside the project that a tool reads: its folder, unless that is nearly everything. */
function readOffer(facts: CallFacts): OfferedRule | null {
  const { ask } = facts
  const path = readPath(facts)
  if (path === null) return null
  const folder = dirname(path)
  if (folder.split(sep).length < 3 || isWithin(folder, homedir())) return null
  return offer(
    facts,
    { paths: [`${folder}/**`] },
    {
      id: 'folder',
      label: `Allow in ${folder}`,
      rule: `${ask.toolName}: ${folder}/**`,
      sentence: `Allows ${ask.toolName} to read any file in the folder ${folder}, outside the project, and below it, but none that holds secrets.`,
    },
  )
}

/** Only for names of the public kind at the usual port: a rule of a site says nothing of ports. */
function siteOffer(facts: CallFacts): OfferedRule | null {
  const { ask, domains } = facts
  const { url } = ask.toolInput
  const address = typeof url === 'string' ? URL.parse(url) : null
  const [site, ...others] = domains
  if (address === null || site === undefined || others.length > 0) return null
  const { host } = site
  if (!site.isWeb || site.port !== '' || address.username !== '' || address.password !== '') return null
  if (!/^[\w-]+(?:\.[\w-]+)*\.[a-z][\w-]+$/.test(host)) return null
  return offer(
    facts,
    { domains: [host] },
    {
      id: 'site',
      label: `Allow for ${host}`,
      rule: `${ask.toolName}: ${host}`,
      sentence: `Allows ${ask.toolName} to use any address of ${host}, but not of sites below it.`,
    },
  )
}

function toolOffer(facts: CallFacts): OfferedRule | null {
  const { toolName, approvalKind } = facts.ask
  if (!toolName.startsWith('mcp__') || toolName.includes('*') || approvalKind !== 'tool') return null
  return offer(
    facts,
    {},
    {
      id: 'tool',
      label: 'Allow this tool',
      rule: `${toolName}: every call`,
      sentence: `Allows every call of ${toolName} in this project, whatever its input.`,
    },
  )
}
