import type { Logger } from './platform/logger.ts'

const SWEEP_EVERY_MS = 30_000

/** Housekeeping until the returned function is called. */
export function sweepRegularly(
  features: readonly { sweep: () => Promise<void> }[],
  { agentIdleMs }: { agentIdleMs: number },
  logger: Logger,
): () => void {
  const timer = setInterval(
    () => {
      for (const feature of features) {
        feature.sweep().catch((error: unknown) => {
          logger.error({ err: error }, 'housekeeping failed')
        })
      }
    },
    Math.min(SWEEP_EVERY_MS, agentIdleMs),
  )
  return () => {
    clearInterval(timer)
  }
}
