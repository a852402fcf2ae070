import { createContext, useContext } from 'react'
import type { ProjectId, ProviderId, UserId } from '#protocol/ids'

/** Names of what rules speak of by id. */
export interface PolicyNames {
  people: ReadonlyMap<string, string>
  projects: ReadonlyMap<string, string>
}

/** What a form can choose from. */
export interface PolicyChoices {
  people: readonly { id: UserId; name: string }[]
  projects: readonly { id: ProjectId; name: string }[]
  providers: readonly { id: ProviderId; name: string }[]
}

export function namesOf({ people, projects }: PolicyChoices): PolicyNames {
  return {
    people: new Map(people.map(({ id, name }) => [id, name])),
    projects: new Map(projects.map(({ id, name }) => [id, name])),
  }
}

interface PolicyPlace {
  choices: PolicyChoices
  names: PolicyNames
}

const NOBODY: PolicyChoices = { people: [], projects: [], providers: [] }

export const PolicyPlaceContext = createContext<PolicyPlace>({ choices: NOBODY, names: namesOf(NOBODY) })

/** The people, projects and agents of this installation, as far as whoever looks may know them. */
export function usePolicyPlace(): PolicyPlace {
  return useContext(PolicyPlaceContext)
}
