export const markdownText = {
  copyCode: 'Copy code',
  copied: 'Copied',
  plainText: 'text',
  image: (alt: string) => (alt === '' ? 'Image, not loaded' : `Image, not loaded: ${alt}`),
  done: 'Done',
  notDone: 'Not done',
  table: 'Table',
  code: 'Code',
}
