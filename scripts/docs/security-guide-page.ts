import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NOT_YET } from '../../test/security/attack-list.ts'
import { WEAKNESSES } from '../../test/security/weaknesses.ts'
import { ROOT } from '../run-command.ts'
import { code, generatedHead, table } from './markdown.ts'
import { PROMISES_OUTSIDE } from './security-promises.ts'
import { PROMISES_INSIDE } from './security-promises-inside.ts'
import type { Proof } from './security-proofs.ts'

/** @throws Error where a test was renamed or removed: a promise without its proof is none */
export async function securityGuidePage(): Promise<string> {
  const parts: string[] = []
  for (const { title, promises } of [...PROMISES_OUTSIDE, ...PROMISES_INSIDE]) {
    const rows: string[][] = []
    for (const { text, proofs } of promises) rows.push([text, (await Promise.all(proofs.map(show))).join('; ')])
    parts.push(`## ${title}`, table(['Promised', 'Tested by'], rows))
  }
  return [
    generatedHead('Security guide'),
    INTRODUCTION,
    ...parts,
    '## That the tests would notice',
    'An attack that fails with and without its defence proves nothing. So each of these defences is taken out of the source as the server loads it, and the attack must succeed: `npm run prove-defences`, of which every run of the tests does a few.',
    table(
      ['Without', 'Succeeds'],
      WEAKNESSES.map(({ defence, attack }) => [defence, code(attack)]),
    ),
    '## Attacks that are not run',
    'For these there is nothing to attack yet, or another suite does it.',
    table(
      ['Attacks', 'Because'],
      NOT_YET.map(({ ids, because }) => [code(ids), because]),
    ),
  ]
    .join('\n\n')
    .concat('\n')
}

const INTRODUCTION = [
  'What the product promises, each with the test that holds it to it. The page is made from the sources, and cannot be made where a test has another name by now.',
  'What is not promised: that an approved command does no harm, that people of one installation are kept apart on the host (their agents run as one system user), or anything against whoever is root there. See [what counts](../SECURITY.md#what-counts).',
  'To look at your own installation, run `ai-code-ui doctor` ([what it checks](doctor.md)). What common scanners say of the product is on [a page of its own](scan.md).',
].join('\n\n')

async function show([file, name]: Proof): Promise<string> {
  const text = await readFile(join(ROOT, file), 'utf8')
  if (!text.includes(name)) throw new Error(`No test in ${file} is called "${name}" any more. Correct scripts/docs/security-promises*.ts.`)
  return `${name} (${code(file.replace(/^test\/|^src\//, ''))})`
}
