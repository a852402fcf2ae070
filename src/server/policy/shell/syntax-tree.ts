/*
 * Walks the tree that the bash parser makes, whatever its nodes are called: a kind of node that is new is walked, too.
 */

export type SyntaxNode = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every node of a tree that has a type, in the text's order. What the parser works out late is worked out here. */
export function nodesOf(tree: unknown): SyntaxNode[] {
  const plain: unknown = JSON.parse(JSON.stringify(tree))
  const nodes: SyntaxNode[] = []
  const ahead: unknown[] = [plain]
  while (ahead.length > 0) {
    const next = ahead.pop()
    if (isRecord(next) && typeof next.type === 'string') nodes.push(next)
    // One by one: a list may be longer than a call has room for.
    for (const each of childrenOf(next).toReversed()) ahead.push(each)
  }
  return nodes
}

/** The elements of a list, the values of a record, and nothing of anything else. */
export function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return isRecord(value) ? Object.values(value) : []
}

const LITERAL = new Set(['Literal', 'SingleQuoted', 'DoubleQuoted', 'AnsiCQuoted'])

/** The word as the program gets it; null where only the shell can tell. */
export function literalOf(word: unknown): string | null {
  if (!isRecord(word)) return null
  // `export PATH=x` has its assignment among its words.
  if (word.type === 'Assignment') return typeof word.text === 'string' && isLiteral([word.value]) ? word.text : null
  return typeof word.value === 'string' && isLiteral(word.parts) ? word.value : null
}

function isLiteral(parts: unknown): boolean {
  if (!Array.isArray(parts)) return true
  return parts.every((part) => isRecord(part) && (part.type === 'Word' || LITERAL.has(String(part.type))) && isLiteral(part.parts))
}
