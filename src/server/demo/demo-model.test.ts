import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startDemoModel } from './demo-model.ts'
import { say } from './reply.ts'

async function setup(options: Partial<Parameters<typeof startDemoModel>[0]> = {}) {
  const model = await startDemoModel({ key: 'right', paceMs: 0, answer: () => [say('Hello there')], ...options })
  onTestFinished(() => model.close())
  const post = (body: string, { path = '/v1/messages', key = 'right' } = {}) =>
    fetch(model.url + path, { method: 'POST', headers: { 'x-api-key': key }, body })
  return { model, post }
}

const ASKED = { model: 'any', messages: [{ role: 'user', content: 'Hi' }] }

test('a stream is made of events that add up to the answer', async () => {
  const { post } = await setup()
  const response = await post(JSON.stringify({ ...ASKED, stream: true }))
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const events = [...(await response.text()).matchAll(/^event: (.+)$/gm)].map((match) => match[1])
  expect(events).toEqual([
    'message_start',
    'ping',
    'content_block_start',
    'content_block_delta',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ])
})

test('without a stream the answer is one message', async () => {
  const { post } = await setup()
  const answer: unknown = await (await post(JSON.stringify(ASKED))).json()
  expect(answer).toMatchObject({ role: 'assistant', content: [{ type: 'text', text: 'Hello there' }], stop_reason: 'end_turn' })
})

test('tokens are counted', async () => {
  const { post } = await setup()
  expect(await (await post(JSON.stringify(ASKED), { path: '/v1/messages/count_tokens' })).json()).toEqual({
    input_tokens: expect.any(Number),
  })
})

test.each([
  [401, 'authentication_error', JSON.stringify(ASKED), { key: 'wrong' }],
  [404, 'not_found_error', '{}', { path: '/v1/models' }],
  [400, 'invalid_request_error', '{"model":1}', {}],
  [400, 'invalid_request_error', 'no JSON', {}],
])('a refusal with %i is an error in the form of the API', async (status, type, body, where) => {
  const { post } = await setup()
  const response = await post(body, where)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ type: 'error', error: { type } })
})

test('a body without end is refused, not kept', async () => {
  const { model } = await setup()
  const socket = connect(Number(new URL(model.url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => socket.destroy())
  const answered = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())))
  socket.write('POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: right\r\nTransfer-Encoding: chunked\r\n\r\n')
  const piece = Buffer.alloc(1024 * 1024, 'x')
  for (let sent = 0; sent <= 32; sent += 1) socket.write(Buffer.concat([Buffer.from('100000\r\n'), piece, Buffer.from('\r\n')]))
  expect(await answered).toMatch(/^HTTP\/1\.1 413 /)
})

test('who hangs up in the middle harms nobody, and closing does not wait for who stays', async () => {
  const { model, post } = await setup({ answer: () => [say('word '.repeat(100_000))], paceMs: 1 })
  const abort = new AbortController()
  const body = JSON.stringify({ ...ASKED, stream: true })
  const left = await fetch(`${model.url}/v1/messages`, { method: 'POST', headers: { 'x-api-key': 'right' }, body, signal: abort.signal })
  abort.abort()
  await expect(left.text()).rejects.toThrow()
  const staying = await post(body)
  await model.close()
  await expect(staying.text()).rejects.toThrow()
})
