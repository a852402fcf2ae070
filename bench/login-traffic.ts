import * as z from 'zod/mini'
import { SIGN_IN, post, type Product } from './product.ts'

/** Accounts beside the owner's. */
const MEMBERS = 3
const PASSWORD = 'correct horse battery staple 43'
const PER_SECOND = 20
/** Of 20 attempts in a row: by people from browsers that they used before, and by strangers at accounts that exist. */
const RIGHT = 2
const AT_ACCOUNTS = 4

/** What became of the attempts. */
export interface Outcome {
  seconds: number
  /** Milliseconds until a right password from a known browser was answered. */
  right: number[]
  /** Milliseconds until a wrong password was looked at and refused. */
  wrong: number[]
  /** How many were told to come back later, unread: by the throttle or because too many waited. */
  putOff: number
}

interface Person {
  username: string
  password: string
  deviceCookie: string
}

/** Twenty attempts to sign in each second, each from an address of its own as a trusted proxy would tell, until it is stopped. */
export class LoginTraffic {
  readonly #product: Product
  readonly #people: readonly Person[]
  readonly #pending = new Set<Promise<void>>()
  readonly #startedAt = performance.now()
  readonly #timer: NodeJS.Timeout
  readonly #outcome: Outcome = { seconds: 0, right: [], wrong: [], putOff: 0 }
  readonly #unexpected: number[] = []
  #count = 0

  constructor(product: Product, people: readonly Person[]) {
    this.#product = product
    this.#people = people
    this.#timer = setInterval(() => this.#arrive(), 1000 / PER_SECOND)
  }

  /** Waits for the last answer. @throws Error when one was neither of those that belong here */
  async stop(): Promise<Outcome> {
    clearInterval(this.#timer)
    this.#outcome.seconds = (performance.now() - this.#startedAt) / 1000
    await Promise.all(this.#pending)
    if (this.#unexpected.length > 0) throw new Error(`Logins were answered with ${[...new Set(this.#unexpected)].join(', ')}.`)
    return this.#outcome
  }

  #arrive(): void {
    const attempt = this.#try(this.#count).finally(() => this.#pending.delete(attempt))
    this.#pending.add(attempt)
    this.#count += 1
  }

  async #try(index: number): Promise<void> {
    const place = index % PER_SECOND
    const person = this.#people[Math.floor(index / (PER_SECOND / RIGHT)) % this.#people.length]
    if (person === undefined) throw new Error('There is nobody to sign in.')
    const startedAt = performance.now()
    if (place % (PER_SECOND / RIGHT) === 0) {
      this.#note(await logIn(this.#product, person, index), startedAt, this.#outcome.right)
      return
    }
    const username = place % (PER_SECOND / AT_ACCOUNTS) === 1 ? person.username : `stranger-${index}`
    const status = await logIn(this.#product, { username, password: `wrong-${index}`, deviceCookie: '' }, index)
    this.#note(status, startedAt, this.#outcome.wrong)
  }

  #note(status: number, startedAt: number, times: number[]): void {
    if (status === 429) this.#outcome.putOff += 1
    else if (status === (times === this.#outcome.right ? 200 : 401)) times.push(performance.now() - startedAt)
    else this.#unexpected.push(status)
  }
}

/** Signs in and keeps the browser's next device cookie. Returns the status. */
async function logIn(product: Product, person: Person, index: number): Promise<number> {
  const { username, password, deviceCookie } = person
  const address = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`
  const response = await post(product, '/api/auth/login', { username, password }, { cookie: deviceCookie, 'x-forwarded-for': address })
  await response.arrayBuffer()
  const cookie = response.headers.getSetCookie().find((each) => each.startsWith('acu_device_'))
  if (cookie !== undefined) person.deviceCookie = cookie.split(';')[0] ?? ''
  return response.status
}

const Invitation = z.object({ code: z.string() })

/** People with accounts who signed in once before, from a browser each. @param token a fresh one, of the owner */
export async function gatherPeople(product: Product, token: string): Promise<Person[]> {
  const people: Person[] = [{ ...SIGN_IN, deviceCookie: '' }]
  for (let member = 0; member < MEMBERS; member += 1) {
    const invited = await post(product, '/api/users/invitations', { role: 'member' }, { authorization: `Bearer ${token}` })
    const { code } = Invitation.parse(await invited.json())
    const person = { username: `member-${member}`, password: PASSWORD, deviceCookie: '' }
    const accepted = await post(product, '/api/auth/invitations/accept', { code, username: person.username, password: PASSWORD })
    if (!accepted.ok) throw new Error(`The invitation was not accepted: ${await accepted.text()}`)
    people.push(person)
  }
  for (const [index, person] of people.entries()) {
    const status = await logIn(product, person, index)
    if (status !== 200) throw new Error(`${person.username} could not sign in: ${status}`)
  }
  return people
}
