export const diffText = {
  changes: (path: string) => `Changes of ${path}`,
  noChange: 'No line changes.',
  showAll: (count: number) => `Show all ${count.toLocaleString()} lines`,
  computing: 'Comparing…',
  added: (count: number) => `${count.toLocaleString()} ${count === 1 ? 'line' : 'lines'} added`,
  removed: (count: number) => `${count.toLocaleString()} removed`,
}
