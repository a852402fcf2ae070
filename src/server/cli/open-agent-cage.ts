import { realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Cage } from '../cage/cage.ts'
import { openCage } from '../cage/open-cage.ts'
import type { Config } from '../config.ts'

/**
 * What agents are started in: the folder with the keys and whatever else holds a secret of ours is not there for them.
 * @throws CageUnavailableError where it is required and cannot be had
 */
export async function openAgentCage(config: Config, packageRoot: string): Promise<Cage> {
  const { databasePath, dataDirectory, tlsKey, secretFiles, agentMaxProcesses, agentMaxMemoryMb } = config
  return openCage({
    wanted: config.agentIsolation,
    agentUser: config.agentUser,
    contents: {
      hiddenFolder: await realpath(dataDirectory),
      hiddenFiles: [
        ...['', '-wal', '-shm'].map((suffix) => `${databasePath}${suffix}`),
        resolve('.env'),
        ...(tlsKey === null ? [] : [tlsKey]),
        ...secretFiles,
      ],
      readOnly: ['bin', 'dist', 'node_modules'].map((name) => join(packageRoot, name)),
    },
    limits: {
      processes: agentMaxProcesses === 0 ? null : agentMaxProcesses,
      memory: agentMaxMemoryMb === 0 ? null : agentMaxMemoryMb * 1024 * 1024,
    },
  })
}
