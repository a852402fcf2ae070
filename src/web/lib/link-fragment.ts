/** Codes travel behind the `#` of a link, which no server and no log sees. */
type FragmentName = 'setup' | 'invite'

/** The code of the link that was opened (`#setup=CODE`, `#invite=CODE`); removed from the address bar and the history. */
export function takeFragment(name: FragmentName): string {
  const code = new URLSearchParams(location.hash.slice(1)).get(name)
  if (code === null) return ''
  history.replaceState(null, '', location.pathname + location.search)
  return code
}

/** A link opened in a tab that shows its page already changes the fragment alone: reads the page anew then. */
export function reloadForLinks(): void {
  addEventListener('hashchange', () => {
    if (/^#(setup|invite)=/.test(location.hash)) location.reload()
  })
}
