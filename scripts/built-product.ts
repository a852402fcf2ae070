import { ensureBuilt } from './build.ts'

/** Vitest's global setup of the browser journeys: they use what ships. */
export async function setup(): Promise<void> {
  await ensureBuilt()
}
