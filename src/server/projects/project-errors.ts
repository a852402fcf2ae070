import { DomainError } from '../platform/domain-error.ts'

export class ProjectNotFoundError extends DomainError {
  constructor() {
    super('NOT_FOUND', 'There is no such project. It may have been removed from the list; add its folder again.')
  }
}

/** The folder is gone, or is no folder any more. */
export class ProjectUnavailableError extends DomainError {
  constructor(path: string) {
    super('PROJECT_UNAVAILABLE', `The project's folder ${path} is not there any more. Bring it back, or remove the project from the list.`)
  }
}

export class OutsideWorkspacesError extends DomainError {
  constructor(roots: readonly string[]) {
    super(
      'PATH_OUTSIDE_PROJECT',
      `Projects must lie under ${roots.join(' or ')}. Choose a folder there, or start the server with another WORKSPACES_ROOT.`,
    )
  }
}

/** The folder contains the product's data folder. */
export class HoldsOwnDataError extends DomainError {
  constructor(dataDirectory: string) {
    super(
      'PATH_OUTSIDE_PROJECT',
      `That folder holds the data of AI Code UI itself (${dataDirectory}), which no agent may reach. Choose a folder further down.`,
    )
  }
}

export class NotAFolderError extends DomainError {
  constructor(field: string) {
    super('BAD_REQUEST', 'That path is not a folder that can be opened.', { details: { fields: [{ field, problem: 'is not a folder' }] } })
  }
}

export class ProjectExistsError extends DomainError {
  constructor(projectId: string) {
    super('CONFLICT', 'That folder is in the list of projects already.', { details: { projectId } })
  }
}
