import { registerHooks } from 'node:module'
import * as z from 'zod/mini'

/*
 * Loaded before the server (`node --import`) by tests alone: takes one defence out of one source file as it is read. The
 * product has no switch for this.
 */

const Weakening = z.object({ file: z.string(), find: z.string(), replace: z.string() })
const { file, find, replace } = Weakening.parse(JSON.parse(process.env.WEAKENING ?? ''))

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith(`/src/${file}`)) return loaded
    const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
    if (!source.includes(find)) throw new Error(`The defence is not where weaknesses.ts says: ${file} has no "${find}".`)
    return { ...loaded, source: source.replace(find, () => replace) }
  },
})
