import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { eventually } from './within.ts'

/** The process whose number, as it knows it, a command writes into its folder soon after it started. */
export async function pidFrom(path: string): Promise<number> {
  const inside = await eventually(`a process's number in ${path}`, async () => {
    const written = await readFile(path, 'utf8').catch(() => '')
    return written.endsWith('\n') ? Number.parseInt(written, 10) : null
  })
  return seenFromHere(inside, await realpath(dirname(path)))
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
