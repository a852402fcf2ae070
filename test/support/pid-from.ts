import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect } from 'vitest'

/** The process whose number, as it knows it, a command writes into its folder soon after it started. */
export async function pidFrom(path: string): Promise<number> {
  const read = () => readFile(path, 'utf8').catch(() => '')
  await expect.poll(read, { timeout: 10_000, interval: 20 }).toMatch(/^\d+\n$/)
  return seenFromHere(Number(await read()), await realpath(dirname(path)))
}

/** A caged process counts in a namespace of its own; what tells it from its namesakes is where it works. */
async function seenFromHere(inside: number, folder: string): Promise<number> {
  if (process.platform !== 'linux') return inside
  for (const name of await readdir('/proc')) {
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '')
    const numbers = /^NSpid:(.*)$/m.exec(status)?.[1]?.trim().split(/\s+/) ?? []
    if (Number(numbers.at(-1)) !== inside) continue
    if ((await readlink(`/proc/${name}/cwd`).catch(() => '')) === folder) return Number(name)
  }
  throw new Error(`No process ${String(inside)} works in ${folder}.`)
}
