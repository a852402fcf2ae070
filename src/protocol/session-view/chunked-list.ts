/**
 * An immutable list that is cheap to append to and to change in one place: a change copies one chunk and the spine,
 * never the whole, so that 10,000 events over a long session stay linear and an untouched element keeps its identity.
 */
export interface ChunkedList<Element> {
  readonly chunks: readonly (readonly Element[])[]
  readonly length: number
}

const CHUNK_SIZE = 64

export const emptyList: ChunkedList<never> = { chunks: [], length: 0 }

/** The element at `index`, or undefined outside of the list. */
export function elementAt<Element>(list: ChunkedList<Element>, index: number): Element | undefined {
  return list.chunks[Math.floor(index / CHUNK_SIZE)]?.[index % CHUNK_SIZE]
}

export function append<Element>(list: ChunkedList<Element>, element: Element): ChunkedList<Element> {
  const chunks = list.chunks.slice()
  const last = chunks.length - 1
  const tail = chunks[last]
  if (tail === undefined || tail.length === CHUNK_SIZE) chunks.push([element])
  else chunks[last] = [...tail, element]
  return { chunks, length: list.length + 1 }
}

/** The list with `element` at `index`; an index outside of the list changes nothing. */
export function replaceAt<Element>(list: ChunkedList<Element>, index: number, element: Element): ChunkedList<Element> {
  const position = Math.floor(index / CHUNK_SIZE)
  const chunk = list.chunks[position]
  if (chunk === undefined || index >= list.length) return list
  const chunks = list.chunks.slice()
  chunks[position] = chunk.with(index % CHUNK_SIZE, element)
  return { chunks, length: list.length }
}

export function toArray<Element>(list: ChunkedList<Element>): Element[] {
  return list.chunks.flat()
}
