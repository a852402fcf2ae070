import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../../src/server/platform/database.ts'
import { answerTo, inTurn, nextRequest } from '../support/approval-steps.ts'
import { commandAsk } from '../support/scripted-provider.ts'

/*
 * Nothing runs that the audit log does not tell of: where it cannot be written, the answer is no.
 */

/** Makes the audit log refuse what is decided, until the returned function is called. */
async function refuseDecisions(database: Database): Promise<() => Promise<void>> {
  await sql`create trigger no_decisions before insert on audit_log when new.action like 'approval.%' begin select raise(abort, 'no room'); end`.execute(
    database,
  )
  return async () => {
    await sql`drop trigger no_decisions`.execute(database)
  }
}

test('without an audit entry neither a rule nor a mode lets a call pass, and nobody is asked', async () => {
  const { agent, database, device, sessionId } = await inTurn({ role: 'owner' })
  expect(await device.request('PATCH', `/sessions/${sessionId}`, { body: { mode: 'bypassPermissions' } })).toMatchObject({ status: 200 })
  expect(await agent.ask(commandAsk('ls'))).toMatchObject({ outcome: 'allowed' })
  expect(await agent.ask(commandAsk('npm test'))).toMatchObject({ outcome: 'allowed' })
  const mend = await refuseDecisions(database)

  for (const command of ['ls', 'npm test', 'rm -rf /']) {
    expect(await agent.ask(commandAsk(command))).toMatchObject({ outcome: 'denied', message: expect.stringContaining('recorded') })
  }
  const rows = await database.selectFrom('approvals').select('id').execute()
  expect(rows).toHaveLength(2)
  await mend()
  expect(await agent.ask(commandAsk('npm test'))).toMatchObject({ outcome: 'allowed' })
})

test("without an audit entry a person's yes does not count: it waits on, and counts once it can be written down", async () => {
  const { agent, socket, database, device } = await inTurn()
  let isReleased = false
  const verdict = agent.ask(commandAsk('npm test')).finally(() => {
    isReleased = true
  })
  const asked = await nextRequest(socket)
  const mend = await refuseDecisions(database)
  const answer = () => device.request('POST', `/approvals/${asked.requestId}`, { body: { allow: true, inputHash: asked.inputHash } })

  expect(await answer()).toMatchObject({ status: 500, body: { code: 'INTERNAL_ERROR' } })
  socket.send(answerTo(asked, true))
  expect(await socket.take('error')).toMatchObject({ code: 'INTERNAL_ERROR', requestId: asked.requestId })
  expect(isReleased).toBe(false)
  expect((await device.request('GET', '/approvals')).body).toMatchObject({ items: [{ requestId: asked.requestId }] })

  await mend()
  expect(await answer()).toMatchObject({ status: 200 })
  expect(await verdict).toMatchObject({ outcome: 'allowed' })
})
