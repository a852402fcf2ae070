const GAP_PX = 4
const EDGE_PX = 8

/** Puts an open popover below its anchor, or above where there is more room, always inside the window. */
export function placeBeside(layer: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect()
  const size = layer.getBoundingClientRect()
  const below = window.innerHeight - at.bottom
  const top = below >= size.height + GAP_PX + EDGE_PX || below >= at.top ? at.bottom + GAP_PX : at.top - GAP_PX - size.height
  const startAligned = at.left + size.width + EDGE_PX <= window.innerWidth
  const left = startAligned ? at.left : at.right - size.width
  layer.style.top = `${clamp(top, window.innerHeight - size.height)}px`
  layer.style.left = `${clamp(left, window.innerWidth - size.width)}px`
}

function clamp(start: number, room: number): number {
  return Math.max(EDGE_PX, Math.min(start, room - EDGE_PX))
}
