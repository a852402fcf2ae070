import { expect, test } from 'vitest'
import { folderName, folderTrail } from './folder-trail.ts'

test('below a single root the trail starts at that root', () => {
  expect(folderTrail('/home/ada/srv/shop', ['/home/ada'], 'Folders')).toEqual([
    { name: 'ada', path: '/home/ada' },
    { name: 'srv', path: '/home/ada/srv' },
    { name: 'shop', path: '/home/ada/srv/shop' },
  ])
})

test('of several roots the deepest that holds the folder counts, and their list comes first', () => {
  expect(folderTrail('/srv/code/api', ['/srv', '/srv/code', '/srv/co'], 'Folders')).toEqual([
    { name: 'Folders', path: null },
    { name: 'code', path: '/srv/code' },
    { name: 'api', path: '/srv/code/api' },
  ])
})

test('the root of the file system may be a root', () => {
  expect(folderTrail('/etc', ['/'], 'Folders')).toEqual([
    { name: '/', path: '/' },
    { name: 'etc', path: '/etc' },
  ])
})

test('the list of roots is a trail of one', () => {
  expect(folderTrail(null, ['/a', '/b'], 'Folders')).toEqual([{ name: 'Folders', path: null }])
})

test('a folder is named by its last part', () => {
  expect(folderName('/home/ada/shop')).toBe('shop')
  expect(folderName('C:\\srv\\shop')).toBe('shop')
  expect(folderName('/')).toBe('/')
})
