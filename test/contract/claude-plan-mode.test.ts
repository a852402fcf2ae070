import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claudeStage } from '../support/claude-stage.ts'
import type { ModelRequest, ModelStep } from '../support/scripted-anthropic.ts'

/** Writes the plan, offers it, then acts on it. */
function planner(request: ModelRequest): ModelStep[] {
  const file = /(\/\S+\/plans\/\S+\.md)/.exec(request.wholeText)?.[1] ?? '/none'
  if (request.toolResultCount === 0) return [{ tool: 'Write', input: { file_path: file, content: '# Plan\n1. Touch' } }]
  if (request.toolResultCount === 1) return [{ tool: 'ExitPlanMode', input: {} }]
  if (request.toolResultCount === 2) return [{ tool: 'Write', input: { file_path: 'planned.txt', content: 'x' } }]
  return [{ text: 'Done.' }]
}

test('a plan is shown, approved, and the session goes on in the mode that was chosen with it', async () => {
  const { host, turn, cwd } = await claudeStage(planner, { mode: 'plan' })
  host.decideBy = ({ ask, decide }) =>
    decide({ outcome: 'allowed', input: ask.toolInput, edited: false, ...(ask.approvalKind === 'plan' ? { nextMode: 'acceptEdits' } : {}) })
  await turn('Plan and do')

  const plan = host.approvals[0]?.ask
  expect(plan).toMatchObject({ approvalKind: 'plan', toolName: 'ExitPlanMode', toolInput: { plan: '# Plan\n1. Touch' } })
  expect(host.of('plan.updated')[0]).toMatchObject({ markdown: '# Plan\n1. Touch' })
  expect(host.of('session.updated').flatMap((event) => event.mode ?? [])).toEqual(['acceptEdits'])
  // The agent itself asks for everything: what is let through is the server's decision.
  expect(host.approvals.map(({ ask }) => ask.toolName)).toEqual(['ExitPlanMode', 'Write'])
  expect(existsSync(join(cwd, 'planned.txt'))).toBe(true)
  expect(host.of('notice')).toEqual([])
})

test('an edited plan is the one the model works by', async () => {
  const { host, turn, model } = await claudeStage(planner, { mode: 'plan' })
  host.decideBy = ({ ask, decide, allow }) =>
    ask.approvalKind === 'plan' ? decide({ outcome: 'allowed', input: { ...ask.toolInput, plan: '# Better plan' }, edited: true }) : allow()
  await turn('Plan and do')
  const answers = model.requests.flatMap((request) => request.toolResults.map((result) => result.text))
  expect(answers.some((text) => text.includes('# Better plan'))).toBe(true)
  expect(host.of('session.updated').flatMap((event) => event.mode ?? [])).toEqual(['default'])
})

test('a plan that is declined keeps the session planning', async () => {
  const { host, turn, model } = await claudeStage(
    (request) => (request.toolResultCount < 2 ? planner(request) : [{ text: 'I will think again.' }]),
    {
      mode: 'plan',
    },
  )
  host.decideBy = (approval) => approval.deny('Smaller steps.')
  await turn('Plan')
  expect(model.requests.at(-1)?.toolResults[0]?.text).toContain('Smaller steps.')
  expect(host.of('session.updated').flatMap((event) => event.mode ?? [])).toEqual([])
})

test('a plan that the model only passes along is shown, too', async () => {
  const { host, turn } = await claudeStage(
    (request) => (request.toolResultCount === 0 ? [{ tool: 'ExitPlanMode', input: { plan: 'Just do it' } }] : [{ text: 'Ok.' }]),
    { mode: 'plan' },
  )
  host.decideBy = (approval) => approval.allow()
  await turn('Plan')
  expect(host.approvals[0]?.ask.toolInput).toMatchObject({ plan: 'Just do it' })
})

test('a command while planning is asked for and not denied by a classifier', async () => {
  const { host, turn, cwd } = await claudeStage(
    (request) => (request.toolResultCount === 0 ? [{ tool: 'Bash', input: { command: 'touch looked' } }] : [{ text: 'Ok.' }]),
    { mode: 'plan' },
  )
  host.decideBy = (approval) => approval.allow()
  await turn('Look')
  expect(host.approvals.map(({ ask }) => ask.toolName)).toEqual(['Bash'])
  expect(existsSync(join(cwd, 'looked'))).toBe(true)
})

test('when the agent starts planning by itself, the session says so', async () => {
  const { host, turn } = await claudeStage((request) =>
    request.toolResultCount === 0 ? [{ tool: 'EnterPlanMode', input: {} }] : [{ text: 'Planning.' }],
  )
  await turn('Think')
  expect(host.of('session.updated').flatMap((event) => event.mode ?? [])).toEqual(['plan'])
})
