import { readFileSync } from 'node:fs'

const LISTEN = '0A'

/** The local addresses on which something listens at this port, by the kernel's own list; null where there is none (Linux alone has it). */
export function listeningAddresses(port: number): string[] | null {
  try {
    const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => readFileSync(path, 'utf8').trim().split('\n').slice(1))
    return [...new Set(rows.flatMap((row) => addressIn(row, port)))]
  } catch {
    // Another system, or a kernel without IPv6.
    return null
  }
}

function addressIn(row: string, port: number): string[] {
  const [, local = '', , state = ''] = row.trim().split(/\s+/)
  const [address = '', hexPort = ''] = local.split(':')
  return state === LISTEN && Number.parseInt(hexPort, 16) === port ? [asText(address)] : []
}

/** Groups of four bytes, each in the order of the machine. */
function asText(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((group) => (group.match(/../g) ?? []).toReversed())
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.')
  const words = bytes.flatMap((byte, index) => (index % 2 === 0 ? [`${byte}${bytes[index + 1] ?? ''}`] : []))
  const name = URL.parse(`http://[${words.join(':')}]`)?.hostname.slice(1, -1) ?? hex
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(name)
  return mapped ? ipv4Of(mapped[1] ?? '', mapped[2] ?? '') : name
}

function ipv4Of(high: string, low: string): string {
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [first >> 8, first & 255, second >> 8, second & 255].join('.')
}
