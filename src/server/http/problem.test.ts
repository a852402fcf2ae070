import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { DomainError } from '../platform/domain-error.ts'
import { createLogger } from '../platform/logger.ts'
import { toProblem } from './problem.ts'

const logger = await createLogger('silent', 'json')

function problemOf(failure: unknown) {
  return toProblem(failure, 'request-1', logger)
}

/** What a schema says of a value that does not fit. */
function issuesOf(value: unknown): unknown {
  const schema = z.strictObject({ name: z.string(), deep: z.optional(z.object({ count: z.number() })) })
  return schema.safeParse(value).error
}

test('an expected failure is told as it is', () => {
  const failure = new DomainError('CONFLICT', 'That is there already.', { details: { id: 'x' } })

  expect(problemOf(failure)).toEqual({ code: 'CONFLICT', error: 'That is there already.', details: { id: 'x' } })
  expect(problemOf(new DomainError('NOT_FOUND', 'No.'))).toEqual({ code: 'NOT_FOUND', error: 'No.' })
})

test.for([
  new Error('password=hunter2 at /srv/secret.ts:1'),
  new TypeError('x is not a function'),
  'text',
  null,
  { code: 'EACCES', path: '/etc' },
])('a bug tells nothing but the request id', (failure) => {
  expect(problemOf(failure)).toEqual({ code: 'INTERNAL_ERROR', error: expect.any(String), details: { requestId: 'request-1' } })
  expect(JSON.stringify(problemOf(failure))).not.toMatch(/hunter2|secret|EACCES|function/)
})

test('a wrong shape names each field and why', () => {
  expect(problemOf(issuesOf({ name: 1, deep: { count: 'x' }, surprise: true }))).toEqual({
    code: 'BAD_REQUEST',
    error: expect.stringMatching(/^The request is not understood: \S+ .+\.$/),
    details: {
      fields: expect.arrayContaining([
        { field: 'name', problem: 'must be text' },
        { field: 'deep.count', problem: 'must be of type number' },
        { field: 'surprise', problem: 'is not known here' },
      ]),
    },
  })
  expect(problemOf(issuesOf(undefined))).toMatchObject({ error: expect.stringContaining('the whole must be') })
})

test('a full disk is no bug', () => {
  expect(problemOf(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }))).toMatchObject({ code: 'STORAGE_FULL' })
  expect(problemOf(Object.assign(new Error('no space'), { code: 'ENOSPC' }))).toMatchObject({ code: 'STORAGE_FULL' })
})
