import type { CheckArea } from '#protocol/posture'

/** What the areas are called where people read of them. */
export const AREA_NAMES: Readonly<Record<CheckArea, string>> = {
  network: 'Network',
  http: 'HTTP',
  websocket: 'WebSocket',
  secrets: 'Keys and secrets',
  files: 'Files',
  storage: 'Storage and backups',
  accounts: 'Accounts',
  approvals: 'Approvals',
  agents: 'Agents',
  audit: 'Audit log',
  host: 'Host',
}
