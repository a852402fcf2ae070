import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { callApi } from '../support/api-client.ts'
import { SocketClient } from '../support/socket-client.ts'
import { signInSomebodyElse, startWorkplace } from '../support/workplace.ts'

test('a token signed with our key opens nothing when its user is not the one of its login', async () => {
  const workplace = await startWorkplace()
  const { device, url, key } = workplace
  const eve = await signInSomebodyElse(workplace)
  const header = { ...decodeProtectedHeader(device.token), alg: 'HS256' }
  const forge = (sub: string) => new SignJWT({ ...decodeJwt(device.token), sub }).setProtectedHeader(header).sign(key)
  const ask = async (token: string) => (await callApi(url, 'GET', '/auth/user', { headers: { authorization: `Bearer ${token}` } })).status

  expect(await ask(await forge(device.user.id))).toBe(200)
  for (const sub of [eve.user.id, 'usr_nobody']) {
    const token = await forge(sub)
    expect(await ask(token)).toBe(401)
    expect(await SocketClient.refused(url, { query: `token=${token}` })).toMatchObject({ status: 401 })
  }
})

test('who registers without a setup code is refused like with a wrong one', async () => {
  const { url } = await startWorkplace()

  const answer = await callApi(url, 'POST', '/auth/register', { body: { username: 'eve', password: 'correct horse battery' } })

  expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
})
