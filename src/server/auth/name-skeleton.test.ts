import { expect, test } from 'vitest'
import { nameSkeleton } from './name-skeleton.ts'

test.for([
  ['ada', 'аԁа'],
  ['capa', 'сара'],
  ['Kaka', 'Кака'],
  ['nikos', 'ΝΙΚΟЅ'],
  ['hope', 'НОРЕ'],
  ['soup', 'ѕоυр'],
] as const)('%s looks like %s', ([latin, other]) => {
  expect(other).not.toBe(latin)
  expect(nameSkeleton(other)).toBe(nameSkeleton(latin))
})

test.for([
  ['ada', 'adam'],
  ['дима', 'dima'],
  ['мария', 'mapi'],
  ['李', '木'],
] as const)('%s does not look like %s', ([one, other]) => {
  expect(nameSkeleton(one)).not.toBe(nameSkeleton(other))
})
