import { approvalText } from './text-approvals.ts'

/** The keys that allow while a card has the focus, as this device names them; nothing where it has no keys. */
export function sendHint(): { hint?: string } {
  if (matchMedia('(pointer: coarse)').matches) return {}
  return { hint: /Mac|iPhone|iPad/.test(navigator.userAgent) ? approvalText.keySend : approvalText.keySendOther }
}
