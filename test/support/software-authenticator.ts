import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import * as z from 'zod/mini'
import { PasskeyChallenge } from '#protocol/factors'

/*
 * Stands in for hardware: a security key and the browser in front of it, which can be told to misbehave as no browser
 * would. ES256 without attestation (W3C Web Authentication, sections 5.8.1, 6.1 and 6.5).
 */

const PRESENT = 0x01
const VERIFIED = 0x04
const BACKUP_ELIGIBLE = 0x08
const BACKED_UP = 0x10
const HAS_KEY = 0x40

const Creation = z.object({ challenge: z.string(), rp: z.object({ id: z.string() }), user: z.object({ id: z.string() }) })
const Request = z.object({
  challenge: z.string(),
  rpId: z.string(),
  allowCredentials: z.optional(z.array(z.object({ id: z.string() }))),
})

/** What is to be other than an honest browser and an intact key would have it. */
export interface Misbehaviour {
  origin?: string
  rpId?: string
  counter?: number
  userHandle?: string | null
  isUnverified?: boolean
  tamper?: boolean
}

/** One key with one credential. Begins without; {@link create} makes it. */
export class SoftwareAuthenticator {
  readonly #origin: string
  readonly #isSynchronised: boolean
  readonly #id = randomBytes(16).toString('base64url')
  readonly #keys: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  #userHandle = ''
  #counter = 0

  /** @param origin of the page that the browser shows */
  constructor(origin: string, { isSynchronised = false } = {}) {
    this.#origin = origin
    this.#isSynchronised = isSynchronised
  }

  get credentialId(): string {
    return this.#id
  }

  /** The body of a request that answers the challenge with a new credential. */
  create(challenge: unknown, misbehaviour: Misbehaviour = {}) {
    const { challengeId, options } = PasskeyChallenge.parse(challenge)
    const creation = Creation.parse(options)
    this.#userHandle = creation.user.id
    const authData = this.#authenticatorData(creation.rp.id, misbehaviour, this.#attestedKey())
    const attestation = cborMap([
      [text('fmt'), text('none')],
      [text('attStmt'), cborMap([])],
      [text('authData'), bytes(authData)],
    ])
    const clientDataJSON = this.#clientData('webauthn.create', creation.challenge, misbehaviour).toString('base64url')
    const response = { clientDataJSON, attestationObject: attestation.toString('base64url'), transports: ['usb'] }
    return { challengeId, response: { id: this.#id, rawId: this.#id, type: 'public-key', response, clientExtensionResults: {} } }
  }

  /** The body of a request that answers the challenge with the credential. */
  get(challenge: unknown, misbehaviour: Misbehaviour = {}) {
    const { challengeId, options } = PasskeyChallenge.parse(challenge)
    const request = Request.parse(options)
    const authData = this.#authenticatorData(request.rpId, misbehaviour)
    const clientData = this.#clientData('webauthn.get', request.challenge, misbehaviour)
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()])
    const signature = sign('sha256', misbehaviour.tamper === true ? Buffer.concat([signed, signed]) : signed, this.#keys.privateKey)
    const userHandle = misbehaviour.userHandle === undefined ? this.#userHandle : misbehaviour.userHandle
    const response = {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle,
    }
    return { challengeId, response: { id: this.#id, rawId: this.#id, type: 'public-key', response, clientExtensionResults: {} } }
  }

  #authenticatorData(rpId: string, { rpId: otherRpId, counter, isUnverified }: Misbehaviour, attested: Buffer = Buffer.alloc(0)): Buffer {
    if (!this.#isSynchronised) this.#counter += 1
    const flags =
      PRESENT |
      (isUnverified === true ? 0 : VERIFIED) |
      (this.#isSynchronised ? BACKUP_ELIGIBLE | BACKED_UP : 0) |
      (attested.length > 0 ? HAS_KEY : 0)
    const head = Buffer.alloc(37)
    createHash('sha256')
      .update(otherRpId ?? rpId)
      .digest()
      .copy(head)
    head.writeUInt8(flags, 32)
    head.writeUInt32BE(counter ?? this.#counter, 33)
    return Buffer.concat([head, attested])
  }

  #attestedKey(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' })
    const key = cborMap([
      [number(1), number(2)],
      [number(3), number(-7)],
      [number(-1), number(1)],
      [number(-2), bytes(Buffer.from(x, 'base64url'))],
      [number(-3), bytes(Buffer.from(y, 'base64url'))],
    ])
    const id = Buffer.from(this.#id, 'base64url')
    const length = Buffer.alloc(2)
    length.writeUInt16BE(id.length)
    return Buffer.concat([Buffer.alloc(16), length, id, key])
  }

  #clientData(type: string, challenge: string, { origin }: Misbehaviour): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: origin ?? this.#origin, crossOrigin: false }))
  }
}

/* CBOR (RFC 8949), as much as an attestation takes. */

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value])
  return value < 256 ? Buffer.from([(major << 5) | 24, value]) : Buffer.from([(major << 5) | 25, value >> 8, value & 255])
}

function number(value: number): Buffer {
  return value < 0 ? head(1, -1 - value) : head(0, value)
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([head(2, value.length), value])
}

function text(value: string): Buffer {
  return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
}

function cborMap(entries: [Buffer, Buffer][]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flat()])
}
