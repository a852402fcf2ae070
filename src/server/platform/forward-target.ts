import { isAbsolute } from 'node:path'

/** Where the audit log is handed on to. `name` is the setting's own text. */
export type ForwardTarget = { name: string } & (
  | { kind: 'file' | 'unix'; path: string }
  | { kind: 'udp' | 'tcp'; host: string; port: number }
)

const DEFAULT_PORT = 514

/** What `AUDIT_FORWARD` names; null for text that is no target. */
export function parseForwardTarget(text: string): ForwardTarget | null {
  if (text.startsWith('file:')) return withPath(text, 'file', text.slice('file:'.length))
  if (text.startsWith('syslog:unix:')) return withPath(text, 'unix', text.slice('syslog:unix:'.length))
  if (text.startsWith('syslog:udp://')) return withAddress(text, 'udp', text.slice('syslog:udp://'.length))
  if (text.startsWith('syslog:tcp://')) return withAddress(text, 'tcp', text.slice('syslog:tcp://'.length))
  return null
}

function withPath(name: string, kind: 'file' | 'unix', path: string): ForwardTarget | null {
  return isAbsolute(path) ? { name, kind, path } : null
}

/** `host`, `host:port` or `[::1]:port`. */
function withAddress(name: string, kind: 'udp' | 'tcp', address: string): ForwardTarget | null {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(address)
  if (!parts) return null
  const port = parts[3] === undefined ? DEFAULT_PORT : Number(parts[3])
  return port > 0 && port < 65_536 ? { name, kind, host: parts[1] ?? parts[2] ?? '', port } : null
}
