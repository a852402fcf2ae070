/**
 * To be called when a dialog closes whose button may be gone by then: where the focus would be lost, it goes to the
 * heading of the section.
 */
export function keepFocusIn(sectionId: string): void {
  setTimeout(() => {
    if (document.activeElement === document.body) document.getElementById(`${sectionId}-title`)?.focus({ preventScroll: true })
  })
}
