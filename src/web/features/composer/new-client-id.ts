import { ClientId } from '#protocol/ids'

/** A random id for a request. Works on plain HTTP too, where `crypto.randomUUID` is missing. */
export function newClientId(): ClientId {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return ClientId.parse(Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''))
}
