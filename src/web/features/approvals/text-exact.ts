/* The words around a text that is shown exactly, in English. */

const number = (value: number): string => value.toLocaleString('en')

/** So many kinds are named. */
const MAX_NAMED = 6

export const exactWords = {
  fold: (characters: number, lines: number) =>
    `${number(characters)} characters hidden${lines > 1 ? `, ${number(lines)} lines` : ''}. Open them before you allow.`,
  openFirst: 'Open what is hidden above, then allow.',
  marks: (count: number, kinds: readonly { label: string; name: string; count: number }[]) => {
    const named = kinds.slice(0, MAX_NAMED).map((kind) => `${kind.label} ${kind.name}${kind.count > 1 ? ` × ${number(kind.count)}` : ''}`)
    const more = kinds.length > MAX_NAMED ? [`${number(kinds.length - MAX_NAMED)} other kinds`] : []
    return `${count === 1 ? '1 place' : `${number(count)} places`} not what it seems: ${[...named, ...more].join(', ')}.`
  },
}
