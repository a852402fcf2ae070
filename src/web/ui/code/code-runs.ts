/** A piece of code of one colour; `scope` is the grammar's name for it, such as `keyword` or `title.function`. */
export interface CodeRun {
  text: string
  scope: string | null
}

export type CodeColour = 'keyword' | 'string' | 'value' | 'name' | 'comment' | 'added' | 'removed'

const COLOURS: Partial<Record<string, CodeColour>> = {
  keyword: 'keyword',
  'meta.keyword': 'keyword',
  'selector-tag': 'keyword',
  'variable.language': 'keyword',
  string: 'string',
  regexp: 'string',
  quote: 'string',
  code: 'string',
  number: 'value',
  literal: 'value',
  symbol: 'value',
  bullet: 'value',
  'char.escape': 'value',
  title: 'name',
  type: 'name',
  built_in: 'name',
  attr: 'name',
  attribute: 'name',
  name: 'name',
  section: 'name',
  property: 'name',
  'selector-class': 'name',
  'selector-id': 'name',
  comment: 'comment',
  doctag: 'comment',
  meta: 'comment',
  addition: 'added',
  deletion: 'removed',
}

/** One of a few colours for the many scopes of the grammars: the exact name, else its first part. */
export function colourOf(scope: string | null): CodeColour | null {
  if (scope === null) return null
  return COLOURS[scope] ?? COLOURS[scope.split('.')[0] ?? ''] ?? null
}
