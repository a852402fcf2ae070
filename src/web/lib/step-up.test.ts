import { afterEach, describe, expect, test } from 'vitest'
import { ApiError } from './api-error.ts'
import { failureOf, registerStepUp, StepUpCancelled, withStepUp } from './step-up.ts'

let takeBack = () => {}
afterEach(() => takeBack())

const required = () => new ApiError({ code: 'STEP_UP_REQUIRED', message: 'Confirm first.', status: 403 })

/** A server's action that asks for a proof until there is one, and a dialog that the test answers. */
function stage() {
  const seen = { runs: 0, asked: [] as (string | null)[], isFresh: false }
  let answer: PromiseWithResolvers<void>
  takeBack = registerStepUp((reason) => {
    seen.asked.push(reason)
    answer = Promise.withResolvers()
    return answer.promise
  })
  return {
    seen,
    prove: () => {
      seen.isFresh = true
      answer.resolve()
    },
    cancel: () => answer.reject(new StepUpCancelled()),
    action: async () => {
      seen.runs += 1
      if (!seen.isFresh) throw required()
      return seen.runs
    },
  }
}

/** Lets promises that are already settled be handled. */
const settle = () => new Promise((resolve) => setTimeout(resolve))

describe('withStepUp', () => {
  test('asks for nothing where the action passes', async () => {
    const { seen } = stage()
    expect(await withStepUp(async () => 'done')).toBe('done')
    expect(seen.asked).toEqual([])
  })

  test('runs the action once more after the proof', async () => {
    const { seen, action, prove } = stage()
    const result = withStepUp(action, 'turn it off')
    await settle()
    prove()
    expect(await result).toBe(2)
    expect(seen.asked).toEqual(['turn it off'])
  })

  test('asks once for callers at the same time, and anew afterwards', async () => {
    const { seen, action, prove } = stage()
    const both = Promise.all([withStepUp(action, 'one'), withStepUp(action, 'two')])
    await settle()
    expect(seen.asked).toEqual(['one'])
    prove()
    expect(await both).toEqual([3, 4])
    seen.isFresh = false
    const later = withStepUp(action, 'three')
    await settle()
    prove()
    await later
    expect(seen.asked).toEqual(['one', 'three'])
  })

  test('rejects all callers silently when the dialog is closed', async () => {
    const { seen, action, cancel } = stage()
    const both = Promise.allSettled([withStepUp(action), withStepUp(action)])
    await settle()
    cancel()
    for (const result of await both) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StepUpCancelled) })
    }
    expect(seen.runs).toBe(2)
  })

  test('hands on every other failure, and a proof that did not help', async () => {
    const { seen, prove } = stage()
    const failing = async () => Promise.reject(new ApiError({ code: 'CONFLICT', message: 'Taken.' }))
    await expect(withStepUp(failing)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(seen.asked).toEqual([])
    const never = withStepUp(async () => Promise.reject(required()))
    await settle()
    prove()
    await expect(never).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' })
    expect(seen.asked).toHaveLength(1)
  })

  test('hands on the demand where no dialog is there', async () => {
    await expect(withStepUp(async () => Promise.reject(required()))).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' })
  })
})

test('failureOf shows a sentence for failures and none for a closed dialog', () => {
  expect(failureOf(null)).toBeUndefined()
  expect(failureOf(new StepUpCancelled())).toBeUndefined()
  expect(failureOf(required())).toBe('Confirm first.')
})
