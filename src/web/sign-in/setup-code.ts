/** The setup code of the link that the server printed (`#setup=CODE`); removed from the address bar and the history. */
export function takeSetupCode(): string {
  const code = new URLSearchParams(location.hash.slice(1)).get('setup')
  if (code === null) return ''
  history.replaceState(null, '', location.pathname + location.search)
  return code
}
