/**
 * A name of a file as the laxest file system compares it: without regard to case and form of letters, to characters that
 * nobody sees, and to dots and blanks at the end of a segment. Also Windows' short name of `.git`.
 */
export function foldedName(path: string): string {
  return path
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu, '')
    .toLowerCase()
    .normalize('NFKC')
    .split('/')
    .map(foldedSegment)
    .join('/')
}

function foldedSegment(segment: string): string {
  if (segment === '.' || segment === '..') return segment
  let end = segment.length
  while (end > 0 && (segment[end - 1] === '.' || segment[end - 1] === ' ')) end -= 1
  const name = segment.slice(0, end).replace(/::?\$.*$/, '')
  return name === 'git~1' ? '.git' : name
}
