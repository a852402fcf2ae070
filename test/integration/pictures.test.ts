import { expect, test } from 'vitest'
import { newClientId } from '../support/session-steps.ts'
import { startSession, startWorkplace } from '../support/workplace.ts'

/*
 * Pictures beside prompts, on the real socket.
 */

const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const image = (mediaType: string, data: string) => ({ kind: 'image', mediaType, data })

test('a prompt with what is no picture is refused whole and reaches nobody; the same one without it goes on', async () => {
  const { agent, socket, sessionId } = await startSession(await startWorkplace(), 'first')
  await agent.nextPrompt()
  const clientId = newClientId()
  const prompt = (text: string, attachments: unknown[]) => ({ type: 'session-prompt', clientId, sessionId, prompt: text, attachments })
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>').toString('base64')

  socket.send(prompt('hostile', [image('image/png', DOT), image('image/png', svg)]))
  expect(await socket.take('error')).toMatchObject({
    clientId,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    error: expect.stringMatching(/^Picture 2 /),
  })
  socket.send(prompt('lying', [image('image/jpeg', DOT)]))
  expect(await socket.take('error')).toMatchObject({ clientId, code: 'UNSUPPORTED_MEDIA_TYPE' })

  socket.send(prompt('good', [image('image/png', DOT)]))
  expect(await agent.nextPrompt()).toMatchObject({ text: 'good', attachments: [image('image/png', DOT)] })
})

test('a pixel flood starts no session', async () => {
  const { device, project, provider } = await startWorkplace()
  const socket = await device.connect()
  const flood = Buffer.from(DOT, 'base64')
  flood.writeUInt32BE(50_000, 16)
  flood.writeUInt32BE(50_000, 20)
  const clientId = newClientId()

  socket.send({
    type: 'session-start',
    clientId,
    provider: 'claude',
    projectId: project.id,
    prompt: 'Look',
    options: { attachments: [image('image/png', flood.toString('base64'))] },
  })

  expect(await socket.take('error')).toMatchObject({ clientId, code: 'TOO_LARGE' })
  expect(provider.opened).toHaveLength(0)
  expect((await device.request('GET', '/sessions')).body).toMatchObject({ items: [] })
})
