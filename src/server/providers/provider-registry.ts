import type { ProviderStatus } from '#protocol/providers'
import { DomainError } from '../platform/domain-error.ts'
import type { Provider } from './provider.ts'

export class UnknownProviderError extends DomainError {
  constructor(id: string, known: string[]) {
    super('NOT_FOUND', `There is no agent called "${id}" here. Choose one of: ${known.join(', ')}.`)
  }
}

/** The kinds of agents that this server can drive. */
export interface ProviderRegistry {
  /** Every provider with what it offers or lacks, in the order in which they are shown. */
  list(): Promise<ProviderStatus[]>
  /** Has every provider load what its first session would wait for; once. */
  prepare(): Promise<void>
  /** @throws UnknownProviderError */
  get(id: string): Provider
}

export function createProviderRegistry(providers: Provider[]): ProviderRegistry {
  const byId = new Map<string, Provider>(providers.map((provider) => [provider.id, provider]))
  let prepared: Promise<void> | null = null
  return {
    list: () => Promise.all(providers.map((provider) => provider.describe())),
    prepare() {
      prepared ??= Promise.all(providers.map((provider) => provider.prepare())).then(() => undefined)
      return prepared
    },
    get(id) {
      const provider = byId.get(id)
      if (!provider) throw new UnknownProviderError(id, [...byId.keys()])
      return provider
    },
  }
}
