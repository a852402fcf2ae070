import { expect, test } from 'vitest'
import { DecidedApproval } from '#protocol/approvals'
import { pageOf } from '#protocol/lists'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import type { Device } from '../support/api-client.ts'
import { commandAsk } from '../support/scripted-provider.ts'
import { signInSomebodyElse } from '../support/workplace.ts'

const DecidedPage = pageOf(DecidedApproval)

async function decided(device: Device, query = '') {
  const { status, body } = await device.request('GET', `/approvals/decided${query}`)
  expect(status).toBe(200)
  return DecidedPage.parse(body)
}

test('decisions are read newest first, filtered and page by page, each by those who may', async () => {
  const stage = await inTurn()
  const { agent, socket, device, project } = stage
  for (const [command, allow] of [
    ['touch "one"', true],
    ['touch two', false],
    ['rm three', true],
  ] as const) {
    const verdict = agent.ask(commandAsk(command))
    socket.send(answerTo(await nextRequest(socket), allow, allow ? {} : { reason: 'Not now' }))
    await verdict
  }
  void agent.ask(commandAsk('touch waits'))
  await nextRequest(socket)

  const all = await decided(device)
  expect(all.nextCursor).toBeNull()
  expect(all.items.map(({ title, outcome, reason }) => [title, outcome, reason])).toEqual([
    ['rm three', 'allowed', null],
    ['touch two', 'denied', 'Not now'],
    ['touch "one"', 'allowed', null],
  ])
  expect(all.items[0]).toMatchObject({ by: { kind: 'user', name: 'ada' }, owner: 'ada', projectId: project.id, edited: false })

  const titles = async (query: string) => (await decided(device, query)).items.map(({ title }) => title)
  expect(await titles('?outcome=denied')).toEqual(['touch two'])
  expect(await titles(`?text=${encodeURIComponent('TOUCH "O')}`)).toEqual(['touch "one"'])
  expect(await titles('?text=ada&by=user')).toHaveLength(3)
  expect(await titles('?by=rule')).toEqual([])
  expect(await titles(`?project=${project.id}`)).toHaveLength(3)
  expect(await titles('?project=prj_another')).toEqual([])

  const first = await decided(device, '?limit=2')
  expect(first.items).toHaveLength(2)
  const second = await decided(device, `?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`)
  expect(second.items.map(({ title }) => title)).toEqual(['touch "one"'])
  expect(second.nextCursor).toBeNull()

  expect((await decided(await signInSomebodyElse(stage))).items).toEqual([])
})
