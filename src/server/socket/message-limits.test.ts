import { expect, test } from 'vitest'
import { TestClock } from '../../../test/support/test-clock.ts'
import { DomainError } from '../platform/domain-error.ts'
import { MESSAGE_LIMITS, type MessageBudget, UserBudgets } from './message-limits.ts'

function spendAll(budget: MessageBudget): number {
  for (let count = 0; ; count += 1) {
    try {
      budget.spend('session-prompt')
    } catch (error) {
      if (error instanceof DomainError && error.code === 'RATE_LIMITED') return count
      throw error
    }
  }
}

test('a connection has its own share of each class, and one class spends nothing of another', () => {
  const budget = new UserBudgets(new TestClock()).forConnection('ada')

  expect(spendAll(budget)).toBe(MESSAGE_LIMITS.classes.prompts.connection.capacity)
  expect(() => budget.spend('claude-permission-response')).not.toThrow()
})

test('more connections give a user no more, and cost another user nothing', () => {
  const users = new UserBudgets(new TestClock())
  const { connection, user } = MESSAGE_LIMITS.classes.prompts

  let spent = 0
  for (let count = 0; count < 5; count += 1) spent += spendAll(users.forConnection('ada'))

  expect(spent).toBe(user.capacity)
  expect(spendAll(users.forConnection('bob'))).toBe(connection.capacity)
})

test('a connection is bounded in bytes as well as in messages', () => {
  const users = new UserBudgets(new TestClock())
  const [many, large] = [users.forConnection('ada'), users.forConnection('ada')]
  const untilFlooded = (budget: MessageBudget, length: number) => {
    let count = 0
    while (!budget.isFlooded(length)) count += 1
    return count
  }

  expect(untilFlooded(many, 10)).toBe(MESSAGE_LIMITS.all.capacity)
  expect(untilFlooded(large, 1024 * 1024)).toBe(16)
})
