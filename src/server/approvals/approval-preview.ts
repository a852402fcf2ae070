import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ApprovalPreview } from '#protocol/approvals'
import type { ApprovalAsk } from '../providers/provider.ts'

/** Characters of a file that are put on a card. */
const MAX_CHARACTERS = 200_000

/** What the call would do, from the same input that is hashed and run; null when there is nothing better than the input itself. */
export async function previewOf(ask: ApprovalAsk): Promise<ApprovalPreview | null> {
  const { toolInput } = ask
  if (ask.approvalKind === 'command' && typeof toolInput.command === 'string') return { kind: 'command', command: toolInput.command }
  if (ask.approvalKind === 'edit') return editPreview(ask)
  if (typeof toolInput.url === 'string') return { kind: 'url', url: toolInput.url }
  return null
}

async function editPreview({ toolInput, writes }: ApprovalAsk): Promise<ApprovalPreview | null> {
  const [path] = writes
  if (path === undefined) return null
  const before = await readStart(path)
  if (typeof toolInput.content === 'string') return cut(path, before, toolInput.content)
  const { old_string: oldText, new_string: newText } = toolInput
  if (typeof oldText !== 'string' || typeof newText !== 'string') return null
  // Shown in its surroundings where the text to replace is found as the tool will find it, else on its own.
  if (!before?.includes(oldText)) return cut(path, oldText, newText)
  const after = toolInput.replace_all === true ? before.split(oldText).join(newText) : replaceFirst(before, oldText, newText)
  return cut(path, before, after)
}

function replaceFirst(text: string, from: string, to: string): string {
  const at = text.indexOf(from)
  return text.slice(0, at) + to + text.slice(at + from.length)
}

function cut(path: string, oldText: string | null, newText: string): ApprovalPreview {
  const truncated = newText.length > MAX_CHARACTERS || (oldText?.length ?? 0) >= MAX_CHARACTERS
  return { kind: 'edit', path, oldText: oldText?.slice(0, MAX_CHARACTERS) ?? null, newText: newText.slice(0, MAX_CHARACTERS), truncated }
}

/** The file's beginning; null when there is no such regular file. */
async function readStart(path: string): Promise<string | null> {
  // Non-blocking: opening a FIFO must not wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null)
  if (!file) return null
  try {
    if (!(await file.stat()).isFile()) return null
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_CHARACTERS), 0, MAX_CHARACTERS, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
