import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { ROOT } from './run-command.ts'

const WEB = join(ROOT, 'dist/web')
const KIB = 1024

/** What a page loads before it is usable: its own entry, and the parts it always asks for at once. */
interface PageBudget {
  page: string
  /** Keys of Vite's manifest: the page and what it imports on demand but always. */
  entries: string[]
  budgetBytes: number
}

const BUDGETS: PageBudget[] = [
  { page: 'sign-in', entries: ['sign-in.html'], budgetBytes: 60 * KIB },
  { page: 'chat', entries: ['index.html', 'app/screens/conversation-screen.tsx'], budgetBytes: 150 * KIB },
]

const Manifest = z.record(
  z.string(),
  z.object({ file: z.string(), css: z.optional(z.array(z.string())), imports: z.optional(z.array(z.string())) }),
)
type Manifest = z.infer<typeof Manifest>

/** The JavaScript and CSS files, each once, that `keys` of the manifest load without being asked again. @throws Error for a key that is not there */
export function firstLoadFiles(manifest: Manifest, keys: readonly string[]): string[] {
  const seen = new Set<string>()
  const files = new Set<string>()
  const visit = (key: string): void => {
    if (seen.has(key)) return
    seen.add(key)
    const chunk = manifest[key]
    if (!chunk) throw new Error(`The build has no part named ${key}; scripts/check-bundle-size.ts names what each page loads.`)
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    chunk.imports?.forEach(visit)
  }
  keys.forEach(visit)
  return [...files].filter((file) => /[.](js|css)$/.test(file))
}

/** Bytes on the wire: the brotli file beside it, or the file itself where that is smaller. */
async function wireSize(file: string): Promise<number> {
  const path = join(WEB, file)
  const compressed = await stat(`${path}.br`).catch(() => null)
  return (compressed ?? (await stat(path))).size
}

const kib = (bytes: number): string => `${(bytes / KIB).toFixed(1)} KiB`.padStart(11)

async function main(): Promise<void> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(WEB, '.vite/manifest.json'), 'utf8')))
  for (const { page, entries, budgetBytes } of BUDGETS) {
    const files = await Promise.all(firstLoadFiles(manifest, entries).map(async (file) => ({ file, size: await wireSize(file) })))
    const total = files.reduce((sum, { size }) => sum + size, 0)
    console.log(`${page.padEnd(40)} ${kib(total)} of ${kib(budgetBytes).trim()}`)
    for (const { file, size } of files.sort((a, b) => b.size - a.size)) console.log(`  ${file.padEnd(38)} ${kib(size)}`)
    if (total > budgetBytes) {
      console.error(`The ${page} page is ${kib(total - budgetBytes).trim()} over its budget.`)
      process.exitCode = 1
    }
  }
}

if (import.meta.main) await main()
