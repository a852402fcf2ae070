// Asks the server of the same container whether it can serve; ends with 0 or 1. Needs nothing but Node.
import http from 'node:http'
import https from 'node:https'

const { PORT = '3001', BASE_PATH = '', TLS_CERT = '' } = process.env
const TIMEOUT_MS = 4000

/** @param {string} outcome */
function fail(outcome) {
  process.stderr.write(`${outcome}\n`)
  process.exit(1)
}

const options = { host: '127.0.0.1', port: Number(PORT), path: `${BASE_PATH.replace(/\/+$/, '')}/api/ready`, timeout: TIMEOUT_MS }
// Whom we talk to is not in doubt, since nothing leaves the container, and the name in the certificate is another.
const trust = TLS_CERT === '' ? {} : { rejectUnauthorized: false }
const asked = (TLS_CERT === '' ? http : https).get({ ...options, ...trust }, (answer) => {
  answer.resume()
  const type = answer.headers['content-type'] ?? ''
  // Pages of the app answer at any address; what is asked for here is no page.
  if (answer.statusCode === 200 && type.startsWith('application/json')) process.exit(0)
  fail(`not ready: ${String(answer.statusCode)} ${type}`)
})
asked.on('timeout', () => fail('no answer in time'))
asked.on('error', (error) => fail(error.message))
