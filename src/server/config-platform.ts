import { isLoopback } from './platform/loopback.ts'

/** What turns the login off, or lets that be reached from elsewhere. */
export const PLATFORM_VARIABLES = ['PLATFORM_MODE', 'VITE_IS_PLATFORM', 'PLATFORM_MODE_ALLOW_REMOTE'] as const

/**
 * Why platform mode must not be used like this: one sentence for each reason.
 * @param dotEnv the variables that would come from the `.env` of the working directory, and its path
 */
export function platformMistakes(
  { host, platformMode, platformModeAllowRemote }: { host: string; platformMode: boolean; platformModeAllowRemote: boolean },
  dotEnv: { path: string; variables: readonly string[] },
): string[] {
  // The working directory may be a project's, whose files somebody else has written.
  const mistakes = dotEnv.variables.map(
    (variable) =>
      `${variable} is not taken from ${dotEnv.path}, since a project's own file could then turn the login off; ` +
      `set it in the environment or in config.json of the data folder, or leave it out, for example ${variable}=false`,
  )
  if (platformMode && !platformModeAllowRemote && !isLoopback(host)) {
    mistakes.push(
      `PLATFORM_MODE is refused on HOST "${host}", where others could run commands without a login; listen on loopback, ` +
        'for example HOST=127.0.0.1, or set PLATFORM_MODE_ALLOW_REMOTE=true where something in front of the server asks who they are',
    )
  }
  return mistakes
}
