import { DomainError } from './domain-error.ts'

/** What DATA_DIR holds, or how it lies there, keeps the product from working: its command ends with exit code 78. */
export class UnusableDataError extends DomainError {
  constructor(message: string, options?: ErrorOptions) {
    super('CONFLICT', message, options)
  }
}
