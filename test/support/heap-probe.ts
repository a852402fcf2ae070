/*
 * Loaded before the server (`node --expose-gc --import`) by tests alone: on SIGUSR2 it collects what is garbage and writes
 * what is left. What the process holds of the system says little, since V8 takes what it is not denied.
 */

process.on('SIGUSR2', () => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.stdout.write(`kept: ${String(heapUsed + external)} bytes\n`)
})
