import type { Kysely } from 'kysely'
import type { Tables } from '../schema.ts'

/** One numbered step of the schema; its number is its place in the list, from 1. */
export interface Migration {
  name: string
  up(db: Kysely<Tables>): Promise<void>
}
