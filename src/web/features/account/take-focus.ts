/** For `ref`: the element takes the focus as soon as it is there, also inside a dialog that opens only after it. */
export function takeFocus(element: HTMLElement | null): void {
  // A dialog that opens gives the focus to the first element with this attribute, which React does not write.
  element?.toggleAttribute('autofocus', true)
  element?.focus()
}
