import { isIPv4, isIPv6 } from 'node:net'

/**
 * The part of an address that one person cannot change at will: all of IPv4, the first 64 bits of IPv6, since every home
 * has as many addresses below them as it likes.
 */
export function networkOf(address: string): string {
  // By far the most: nothing to be taken apart.
  if (isIPv4(address)) return address
  const plain = (withoutPort(address).split('%', 1)[0] ?? '').toLowerCase()
  if (!isIPv6(plain)) return plain
  const groups = expand(plain)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped) return [...bytesOf(groups[6] ?? 0), ...bytesOf(groups[7] ?? 0)].join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** Some proxies write the client's port beside its address: another one with each connection. */
function withoutPort(address: string): string {
  return address.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
}

/** The eight groups of an IPv6 address, also where it ends in IPv4 notation. */
function expand(address: string): number[] {
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
  const [head = '', tail] = hex.split('::')
  const start = groupsOf(head)
  const end = groupsOf(tail ?? '')
  return [...start, ...Array.from({ length: 8 - start.length - end.length }, () => 0), ...end]
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

function bytesOf(group: number): number[] {
  return [group >> 8, group & 0xff]
}
