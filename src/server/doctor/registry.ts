import type { Check } from './check.ts'
import { ACCOUNT_CHECKS } from './checks/accounts.ts'
import { AGENT_CHECKS } from './checks/agents.ts'
import { APPROVAL_CHECKS } from './checks/approvals.ts'
import { AUDIT_CHECKS } from './checks/audit.ts'
import { FILE_CHECKS } from './checks/files.ts'
import { HEADER_CHECKS } from './checks/headers.ts'
import { HOST_CHECKS } from './checks/host.ts'
import { HTTP_CHECKS } from './checks/http.ts'
import { NETWORK_CHECKS } from './checks/network.ts'
import { RATE_CHECKS } from './checks/rates.ts'
import { REPORTING_CHECKS } from './checks/reporting.ts'
import { SECRET_CHECKS } from './checks/secrets.ts'
import { STORAGE_CHECKS } from './checks/storage.ts'
import { TLS_CHECKS } from './checks/tls.ts'
import { WEBSOCKET_CHECKS } from './checks/websocket.ts'

/** Everything that doctor looks at, in the order in which it is shown. */
export const CHECKS: readonly Check[] = [
  ...NETWORK_CHECKS,
  ...TLS_CHECKS,
  ...HTTP_CHECKS,
  ...RATE_CHECKS,
  ...HEADER_CHECKS,
  ...REPORTING_CHECKS,
  ...WEBSOCKET_CHECKS,
  ...SECRET_CHECKS,
  ...FILE_CHECKS,
  ...STORAGE_CHECKS,
  ...ACCOUNT_CHECKS,
  ...APPROVAL_CHECKS,
  ...AGENT_CHECKS,
  ...AUDIT_CHECKS,
  ...HOST_CHECKS,
]
