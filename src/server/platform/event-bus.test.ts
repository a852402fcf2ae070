import { expect, test } from 'vitest'
import { LocalEventBus } from './event-bus.ts'

test('messages reach every listener of their topic, in order, and no other', () => {
  const bus = new LocalEventBus()
  const heard: string[] = []
  bus.subscribe('a', (message) => heard.push(`first ${message}`))
  bus.subscribe('a', (message) => heard.push(`second ${message}`))
  bus.subscribe('b', (message) => heard.push(`other ${message}`))

  bus.publish('a', '1')
  bus.publish('a', '2')

  expect(heard).toEqual(['first 1', 'second 1', 'first 2', 'second 2'])
})

test('who leaves hears nothing more, also when leaving while being told', () => {
  const bus = new LocalEventBus()
  const heard: string[] = []
  const leave = bus.subscribe('a', (message) => {
    heard.push(message)
    leave()
  })
  bus.subscribe('a', (message) => heard.push(`stays ${message}`))

  bus.publish('a', '1')
  bus.publish('a', '2')
  leave()

  expect(heard).toEqual(['1', 'stays 1', 'stays 2'])
})

test('who comes after the last one left hears again', () => {
  const bus = new LocalEventBus()
  const heard: string[] = []
  bus.subscribe('a', () => heard.push('old'))()
  bus.subscribe('a', (message) => heard.push(message))

  bus.publish('a', 'new')

  expect(heard).toEqual(['new'])
})
