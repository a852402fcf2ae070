import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/*
 * Loaded into the product before its own code: at each SIGUSR2 it prints the longest that the event loop was held up since
 * the last one, in milliseconds.
 */

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  process.on('SIGUSR2', () => {
    process.stdout.write(`loop-delay ${delay.max / 1e6}\n`)
    delay.reset()
  })
}
