import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { Policy, PolicyVerdict } from '#protocol/policy'
import { type Device, PASSWORD } from '../support/api-client.ts'
import { signInSomebodyElse, startWorkplace } from '../support/workplace.ts'

/* Everything that the guide for people promises, tried on the server. */

const GUIDE = join(import.meta.dirname, '../../docs/policy.md')

interface Example {
  rules: unknown[]
  call: string
  decision: string
  trusted: boolean
}

const Rules = z.array(z.unknown())
/** Where there are two decisions, the first is the one in a trusted project. */
const ROW = /^\| `(.+)` \| (?:(allow|ask|deny) \| )?(allow|ask|deny) \|$/
const REFUSED_ROW = /^\| `(\{.+\})` \| `(.+)` \|$/

/** Tables of calls, each with the rules that were shown last before it. */
function examplesOf(guide: string): Example[] {
  let rules: unknown[] = []
  return guide.split(/(```[\s\S]*?```)/).flatMap((part) => {
    if (part.startsWith('```json')) rules = Rules.parse(JSON.parse(part.replace(/^```json|```$/g, '')))
    if (part.startsWith('```')) return []
    return part.split('\n').flatMap((line) => {
      const [, call, inTrusted, decision] = ROW.exec(line) ?? []
      if (call === undefined || decision === undefined) return []
      const example = { rules, call: call.replaceAll('\\|', '|'), decision, trusted: false }
      return inTrusted === undefined ? [example] : [example, { ...example, decision: inTrusted, trusted: true }]
    })
  })
}

const guide = await readFile(GUIDE, 'utf8')
const examples = examplesOf(guide)
const refusals = guide.split('\n').flatMap((line) => {
  const [, match, because] = REFUSED_ROW.exec(line) ?? []
  return match === undefined || because === undefined ? [] : [{ match, because }]
})

let owner: Device
let device: Device
let projectId: string
beforeAll(async () => {
  const workplace = await startWorkplace({ onEnd: afterAll })
  owner = await signInSomebodyElse(workplace, 'owner', 'grace')
  await owner.request('POST', '/auth/step-up', { body: { password: PASSWORD } })
  device = workplace.device
  projectId = workplace.project.id
  await mkdir(join(workplace.projectPath, 'src/generated'), { recursive: true })
  await writeFile(join(workplace.projectPath, 'README.md'), 'Read me\n')
})

async function save(rules: unknown[]) {
  const { version } = Policy.parse((await owner.request('GET', '/policy')).body)
  return owner.request('PUT', '/policy', { body: { version, preset: 'careful', rules } })
}

test('the guide has examples', () => {
  expect(examples.length).toBeGreaterThan(40)
  expect(refusals.length).toBeGreaterThan(4)
})

test.each(examples)('$call: $decision (trusted: $trusted)', async ({ rules, call, decision, trusted }) => {
  const change = await device.request('PATCH', `/projects/${projectId}`, { body: { trusted } })
  expect(change.status).toBe(200)
  expect((await save(rules)).status).toBe(200)
  const [, toolName = 'Bash', input] = /^(\w+) (\{.+\})$/.exec(call) ?? []
  const toolInput: unknown = input === undefined ? { command: call } : JSON.parse(input)

  const { body } = await owner.request('POST', '/policy/test', { body: { toolName, toolInput, projectId } })

  const verdict = PolicyVerdict.parse(body)
  expect(verdict.decision, verdict.explanation).toBe(decision)
})

test.each(refusals)('$match is refused', async ({ match, because }) => {
  const parsed: unknown = JSON.parse(match)
  const { status, body } = await save([{ decision: 'allow', scope: { kind: 'global' }, match: parsed }])
  expect(status).toBe(400)
  expect(z.object({ error: z.string() }).parse(body).error).toContain(because)
})
