import { ApiError, messageOf } from './api-error.ts'

/** Asks the person for a fresh proof of who they are. Resolves once the server took it; rejects with {@link StepUpCancelled}. */
export type AskForProof = (reason: string | null) => Promise<void>

/** The person closed the dialog. Nothing happened and nothing needs to be said. */
export class StepUpCancelled extends Error {
  constructor() {
    super('The proof was not given, so nothing was changed.')
    this.name = 'StepUpCancelled'
  }
}

let askForProof: AskForProof | null = null
let asking: Promise<void> | null = null

/** Registers the one dialog of the page. Returns how to take it back. */
export function registerStepUp(ask: AskForProof): () => void {
  askForProof = ask
  return () => {
    if (askForProof === ask) askForProof = null
  }
}

/**
 * Runs `action`. Where the server answers that it needs a fresh proof (STEP_UP_REQUIRED), asks for one and runs `action`
 * once more. Callers at the same time share one dialog.
 * @param reason a sentence that says why, such as `Whoever has an API key can act as you.`; null for a general one
 * @throws StepUpCancelled where the person gives no proof, and whatever `action` throws
 */
export async function withStepUp<T>(action: () => Promise<T>, reason: string | null = null): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (askForProof === null || !needsProof(error)) throw error
    asking ??= askForProof(reason).finally(() => {
      asking = null
    })
  }
  await asking
  return action()
}

/** The sentence to show for a failure of `withStepUp`; undefined where there is none to show. */
export function failureOf(error: unknown): string | undefined {
  return error === null || error === undefined || error instanceof StepUpCancelled ? undefined : messageOf(error)
}

function needsProof(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'STEP_UP_REQUIRED'
}
