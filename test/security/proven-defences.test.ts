import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { startAttackStage } from '../support/attack-stage.ts'
import { ATTACKS } from './all-attacks.ts'
import { WEAKNESSES } from './weaknesses.ts'

/*
 * An attack that fails on a server without its defence too would prove nothing. Each server here is the product with one
 * defence taken out of its source as it is loaded, and its attack must get through.
 */

const SAMPLE = 4
const proven = process.env.PROVE_DEFENCES === 'all' ? WEAKNESSES : WEAKNESSES.slice(0, SAMPLE)
const LOADER = pathToFileURL(join(dirname(import.meta.dirname), 'support', 'weaken.ts')).href

test.for(proven)('$attack gets through without $defence', async ({ attack: id, file, find, replace }) => {
  const attack = ATTACKS.find((each) => each.id === id)
  expect(attack, `there is no attack ${id}`).toBeDefined()
  const stage = await startAttackStage({
    environment: { NODE_OPTIONS: `--import ${LOADER}`, WEAKENING: JSON.stringify({ file, find, replace }) },
  })

  // An assertion of the attack, not a server that is broken.
  await expect(attack?.run(stage)).rejects.toMatchObject({ name: 'AssertionError' })
  expect((await stage.send({ path: '/api/health' })).status).toBeLessThan(500)
})
