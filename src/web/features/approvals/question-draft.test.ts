import { expect, test } from 'vitest'
import { answersOf, draftOf, toggleLabel, toggleOther } from './question-draft.ts'

const colour = { question: 'Which colour?', options: [{ label: 'Red' }, { label: 'Blue' }] }
const sizes = { question: 'Which sizes?', options: [{ label: 'S' }, { label: 'M' }, { label: 'L' }], multiSelect: true }

test('of one choice the last one counts, of several each press turns one', () => {
  const one = toggleLabel(toggleLabel(draftOf({}, colour), colour, 'Red'), colour, 'Blue')
  const some = ['L', 'S', 'M', 'M'].reduce((draft, label) => toggleLabel(draft, sizes, label), draftOf({}, sizes))
  expect(answersOf({ [colour.question]: one, [sizes.question]: some }, [colour, sizes])).toEqual({
    'Which colour?': 'Blue',
    'Which sizes?': 'S, L',
  })
})

test('own words take the place of a choice, or stand beside several', () => {
  const one = { ...toggleOther(toggleLabel(draftOf({}, colour), colour, 'Red'), colour), other: ' Green ' }
  const some = { ...toggleOther(toggleLabel(draftOf({}, sizes), sizes, 'S'), sizes), other: 'XL' }
  expect(answersOf({ [colour.question]: one, [sizes.question]: some }, [colour, sizes])).toEqual({
    'Which colour?': 'Green',
    'Which sizes?': 'S, XL',
  })
})

test('there are no answers while one is missing or empty', () => {
  const one = toggleLabel(draftOf({}, colour), colour, 'Red')
  expect(answersOf({ [colour.question]: one }, [colour, sizes])).toBeNull()
  expect(answersOf({ [colour.question]: { ...toggleOther(one, colour), other: '  ' } }, [colour])).toBeNull()
})
