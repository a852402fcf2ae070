/** A test by its file and a part of its name, or the id of an attack with its title. */
export type Proof = readonly [file: string, name: string]

export interface SecurityPromise {
  /** A sentence that is true of the product. */
  text: string
  proofs: readonly Proof[]
}

export interface PromisePart {
  title: string
  promises: readonly SecurityPromise[]
}

export const attack = (file: string, name: string): Proof => [`test/security/attacks/${file}.ts`, name]
export const integration = (file: string, name: string): Proof => [`test/integration/${file}.test.ts`, name]
export const contract = (file: string, name: string): Proof => [`test/contract/${file}.test.ts`, name]
export const e2e = (file: string, name: string): Proof => [`test/e2e/${file}.test.ts`, name]
