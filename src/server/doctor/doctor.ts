import type { Posture } from '#protocol/posture'
import type { Principal } from '../http/principal.ts'
import type { Router } from '../http/route.ts'
import type { SelfDeps } from './examine-self.ts'
import { registerPostureRoutes } from './posture-routes.ts'
import { recordExamination } from './record-examination.ts'

/** Doctor inside the server that it looks at. */
export function createDoctor(deps: SelfDeps) {
  let running: Promise<Posture> | null = null
  const examine = async ({ user, device }: Principal) => {
    // Whoever asks meanwhile shares the look that is under way.
    running ??= look(deps).finally(() => {
      running = null
    })
    const posture = await running
    await recordExamination(deps.database, deps.clock, posture, { actor: user.username, device })
    return posture
  }
  return {
    registerRoutes: (router: Router) => {
      registerPostureRoutes(router, examine)
    },
  }
}

/** Loaded with the first question: the server starts without it. */
async function look(deps: SelfDeps): Promise<Posture> {
  const { examineSelf } = await import('./examine-self.ts')
  return examineSelf(deps)
}
