import { RATE_CLASSES, type RateClass } from '../../platform/rate-classes.ts'
import { type Check, fail, type Finding, pass, unseen, warn } from '../check.ts'
import type { Installation } from '../installation.ts'
import { settingFix } from '../place.ts'

/** More than so many times the default is none that anybody would ever meet. */
const WIDE = 20

export const RATE_CHECKS: readonly Check[] = [
  {
    id: 'http-rate-limits',
    area: 'http',
    title: 'Nobody can send requests without end',
    severity: 'medium',
    why: 'One client in a loop, or one stolen token, could otherwise take the server from everybody else.',
    fix: (installation) => settingFix(installation, 'Go back to the limits that come with the product.', 'RATE_LIMITS', ''),
    references: { issue: ['http-rates'], asvs: ['2.4.1'] },
    needs: 'server',
    look: lookAtRates,
  },
]

async function lookAtRates({ config, server }: Installation): Promise<Finding> {
  if (server === null) return unseen('no server runs.')
  const { headers } = await server.page('/api/health')
  const policy = headers['ratelimit-policy']
  if (policy === undefined || headers.ratelimit === undefined) return fail('Answers tell of no limit (RateLimit-Policy, RateLimit).')
  const wide = Object.entries(config.rateLimits).filter(([name, perMinute]) => perMinute > defaultOf(name) * WIDE)
  if (wide.length > 0) return warn(`RATE_LIMITS is as good as none for ${wide.map(([name]) => name).join(', ')}.`)
  return pass(`Answers tell of their limit: ${String(policy)}.`)
}

function defaultOf(name: string): number {
  const defaults: Readonly<Partial<Record<string, number>>> = RATE_CLASSES satisfies Record<RateClass, number>
  return defaults[name] ?? 0
}
