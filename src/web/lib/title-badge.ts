import { shellText } from './text.ts'

/** Shows in the tab's title and icon how many decisions wait for a person. */
export function showTitle(title: string, waiting: number, icons: { calm: string; waiting: string }): void {
  const whole = shellText.pageTitle(title)
  document.title = waiting === 0 ? whole : shellText.waitingTitle(waiting, whole)
  const icon = document.querySelector('link[rel="icon"]')
  const href = waiting === 0 ? icons.calm : icons.waiting
  if (icon !== null && icon.getAttribute('href') !== href) icon.setAttribute('href', href)
}
