import { createHmac } from 'node:crypto'

/** An access token as an attacker would make it: without a signature, or signed with a word that everybody knows. */
export function unsignedToken(alg: string): string {
  const seconds = Math.floor(Date.now() / 1000)
  const head = encode({ alg, typ: 'JWT' })
  const body = encode({ sub: 'usr_doctor', sid: 'log_doctor', iat: seconds, exp: seconds + 60, iss: 'ai-code-ui', aud: 'ai-code-ui' })
  const signature = alg === 'HS256' ? createHmac('sha256', 'secret').update(`${head}.${body}`).digest('base64url') : ''
  return `${head}.${body}.${signature}`
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
