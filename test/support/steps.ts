import type { Page } from 'playwright-core'

/* What a person does in the product, in the words of its screens. */

export const PASSWORD = 'a long enough passphrase'

/** Makes the first account from the printed link. */
export async function createOwner(page: Page, setupLink: string): Promise<void> {
  await page.goto(setupLink)
  await page.getByLabel('Name', { exact: true }).fill('ada')
  await page.getByLabel('New password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Sessions', level: 1 }).waitFor()
}

export async function signIn(page: Page, password = PASSWORD, username = 'ada'): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Starts a session in the first project with this prompt. */
export async function startSession(page: Page, prompt: string): Promise<void> {
  await page.getByRole('link', { name: 'New session' }).first().click()
  await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt)
  await page.getByRole('button', { name: 'Start session' }).click()
  await page.waitForURL('**/sessions/*')
}

/** Sends a prompt in the session on the screen. */
export async function sendPrompt(page: Page, prompt: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Prompt' }).fill(prompt)
  await page.getByRole('button', { name: 'Send' }).click()
}

/** Waits until the turn on the screen is over: nothing runs that could be stopped. */
export async function turnEnded(page: Page): Promise<void> {
  await page.getByRole('feed').getByText('Done', { exact: true }).last().waitFor()
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' })
}

/** Allows what waits, as soon as its buttons take a press. */
export async function allowOnce(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Allow once' }).first().click()
}
