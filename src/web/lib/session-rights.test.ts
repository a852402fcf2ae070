import { expect, test } from 'vitest'
import { User } from '#protocol/auth'
import { rightsIn } from './session-rights.ts'

const user = (id: string, role: User['role']) =>
  User.parse({ id, username: id, role, createdAt: '2026-11-01T12:00:00.000Z', lastLoginAt: null })
const [ada, bob, eve] = [user('ada', 'owner'), user('bob', 'member'), user('eve', 'viewer')]

test('whoever started a session steers it and decides in it', () => {
  expect(rightsIn({ startedBy: bob }, bob)).toEqual({ startedBy: null, maySteer: true, mayDecide: true })
})

test('the others watch, the owner too', () => {
  expect(rightsIn({ startedBy: bob }, ada)).toEqual({ startedBy: 'bob', maySteer: false, mayDecide: false })
  expect(rightsIn({ startedBy: bob }, eve)).toEqual({ startedBy: 'bob', maySteer: false, mayDecide: false })
})

test('a viewer may not even in sessions from before they were one', () => {
  expect(rightsIn({ startedBy: eve }, eve)).toEqual({ startedBy: null, maySteer: false, mayDecide: false })
})

test('where the server lets everyone in, or does not say who started it, nothing is taken away', () => {
  expect(rightsIn({ startedBy: bob }, null).maySteer).toBe(true)
  expect(rightsIn({}, ada).maySteer).toBe(true)
})
