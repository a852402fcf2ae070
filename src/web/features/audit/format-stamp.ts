const stamp = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** Day and time to the second, in the reader's way of writing it: an audit is exact. */
export function formatStamp(at: string): string {
  return stamp.format(new Date(at))
}
