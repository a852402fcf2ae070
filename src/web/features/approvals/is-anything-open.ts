/** Whether a menu or a dialog is open. */
export function isAnythingOpen(): boolean {
  return document.querySelector(':popover-open, dialog[open]') !== null
}
