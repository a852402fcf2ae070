/* The words of the conversation's place for decisions, apart from those of the cards, which are loaded later. */

export const dockText = {
  loading: 'Loading a request that waits for you…',
  failed: 'A request waits here, but its card could not be loaded. Reload the page.',
}
