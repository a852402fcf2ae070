import * as z from 'zod/mini'

const STORAGE_KEY = 'acu-drafts'
const MAX_DRAFTS = 40
const MAX_DRAFT_LENGTH = 512 * 1024

const Drafts = z.array(z.object({ key: z.string(), text: z.string() }))
type Drafts = z.infer<typeof Drafts>

/** The unsent text of a session's composer, or of a new session's (`new:<projectId>`); empty where there is none. */
export function readDraft(key: string): string {
  return load().find((draft) => draft.key === key)?.text ?? ''
}

/** Keeps unsent text on this device; empty text forgets it. Of many drafts the newest are kept. */
export function writeDraft(key: string, text: string): void {
  const others = load().filter((draft) => draft.key !== key)
  const drafts = text === '' ? others : [{ key, text: text.slice(0, MAX_DRAFT_LENGTH) }, ...others]
  save(drafts.slice(0, MAX_DRAFTS))
}

function load(): Drafts {
  try {
    return Drafts.parse(JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]'))
  } catch {
    // Blocked storage, or something that is not ours: there are no drafts then.
    return []
  }
}

function save(drafts: Drafts): void {
  try {
    if (drafts.length === 0) localStorage.removeItem(STORAGE_KEY)
    else localStorage.setItem(STORAGE_KEY, JSON.stringify(drafts))
  } catch {
    // Blocked or full storage: half of the drafts are worth more than none.
    if (drafts.length > 1) save(drafts.slice(0, Math.ceil(drafts.length / 2)))
  }
}
