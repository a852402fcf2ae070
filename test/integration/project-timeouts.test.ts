import { expect, test } from 'vitest'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { signInSomebodyElse } from '../support/workplace.ts'

/*
 * How long a request waits: the server says it, and a project may say otherwise.
 */

const secondsOf = ({ createdAt, expiresAt }: { createdAt: string; expiresAt: string | null }) =>
  expiresAt === null ? null : (Date.parse(expiresAt) - Date.parse(createdAt)) / 1000

test('a project has a time-out of its own, none at all, or that of the server', async () => {
  const { agent, socket, device, project, database } = await inTurn({ environment: { CLAUDE_TOOL_APPROVAL_TIMEOUT_MS: '60000' } })
  const waits: (number | null)[] = []
  for (const approvalTimeoutSeconds of [600, 0, null]) {
    const answer = await device.request('PATCH', `/projects/${project.id}`, { body: { approvalTimeoutSeconds } })
    expect(answer).toMatchObject({ status: 200, body: { approvalTimeoutSeconds } })
    const verdict = agent.ask(commandAsk('npm test'))
    const shown = await nextRequest(socket)
    waits.push(secondsOf(shown))
    socket.send(answerTo(shown, false))
    await verdict
  }

  expect(waits).toEqual([600, null, 60])
  const rows = await database.selectFrom('audit_log').select('details').where('action', '=', 'project.timeout_changed').execute()
  expect(rows.map(({ details }) => details)).toEqual([
    '{"before":null,"seconds":600}',
    '{"before":600,"seconds":0}',
    '{"before":0,"seconds":null}',
  ])
})

test.each([[-1], [5], [86_401], ['60']])('a time-out of %s seconds is refused', async (approvalTimeoutSeconds) => {
  const { device, project } = await inTurn()
  expect(await device.request('PATCH', `/projects/${project.id}`, { body: { approvalTimeoutSeconds } })).toMatchObject({ status: 400 })
})

test('only an owner and whoever added the project may change it', async () => {
  const workplace = await inTurn()
  const [member, owner] = [await signInSomebodyElse(workplace), await signInSomebodyElse(workplace, 'owner', 'olga')]
  const change = { body: { approvalTimeoutSeconds: 0 } }
  expect(await member.request('PATCH', `/projects/${workplace.project.id}`, change)).toMatchObject({ status: 403 })
  expect(await owner.request('PATCH', `/projects/${workplace.project.id}`, change)).toMatchObject({ status: 200 })
})
