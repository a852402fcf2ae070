import type { ErrorCode } from '#protocol/errors'
import { STATUS } from '../../src/server/http/problem.ts'
import { code, generatedHead, table } from './markdown.ts'

interface ErrorText {
  /** When it happens. */
  meaning: string
  /** What the person or the caller can do. */
  remedy: string
}

/** A code that is added to the protocol does not compile until it has its line here. */
const ERROR_TEXTS: Record<ErrorCode, ErrorText> = {
  BAD_REQUEST: {
    meaning: 'The request has a field that is missing, unknown or out of range, or its body is not JSON.',
    remedy: '`details.fields` names each field and what is wrong with it. Correct them and send it again.',
  },
  INVALID_MESSAGE: {
    meaning: 'A WebSocket message is not JSON, has an unknown `type` or a wrong shape. The connection goes on.',
    remedy: 'Compare the message with [the WebSocket reference](websocket.md). In the browser: reload the page.',
  },
  PASSWORD_REJECTED: {
    meaning: 'The password that was chosen is too weak, too long or too well known.',
    remedy: 'Choose a longer one; the message says which rule it breaks.',
  },
  UNAUTHORIZED: {
    meaning:
      'The request carries no access token or API key, or one that is not valid or was revoked. With `details.needs` `api-key` it lacks the key of the installation.',
    remedy: 'Sign in again.',
  },
  TOKEN_EXPIRED: {
    meaning: 'The access token was valid and is too old.',
    remedy: 'Ask `POST /api/auth/refresh` for a new one and repeat the request. The browser does so by itself.',
  },
  REFRESH_REUSED: {
    meaning: 'A refresh cookie that had already been exchanged was used again, so the login may have been copied. It has ended.',
    remedy: 'Sign in again. If you did not expect this, change your password.',
  },
  INVALID_CREDENTIALS: {
    meaning: 'User name and password do not belong together, or the account is disabled; the answer is the same for all of them.',
    remedy: 'Check both and try again.',
  },
  TOTP_REQUIRED: {
    meaning: 'The password was right and the account has a second factor. `details.factors` says which ones would do.',
    remedy: 'Send the login again with a code of the authenticator app, a recovery code or the passkey.',
  },
  INVALID_CODE: {
    meaning: 'The code or the passkey was not accepted: wrong, too old, or used before.',
    remedy: 'Wait for the next code of the app, check the clock of the phone, or use a recovery code.',
  },
  FORBIDDEN: {
    meaning: 'You are signed in but may not do this, or the setup code is wrong or no longer needed.',
    remedy: 'Ask the owner of the installation, or read the setup code where the server runs.',
  },
  ORIGIN_NOT_ALLOWED: {
    meaning: 'The request comes from a web page of another origin.',
    remedy: 'Open the product under the address that it prints, or add the exact origin to `ALLOWED_ORIGINS`.',
  },
  PATH_OUTSIDE_PROJECT: {
    meaning: 'The path leads out of the project or out of the folders under which projects may live, links included.',
    remedy: 'Choose a path inside, or add its folder to `WORKSPACES_ROOT`.',
  },
  STEP_UP_REQUIRED: {
    meaning: 'The action needs a fresh proof that it is you.',
    remedy: 'Enter a code, use the passkey or, without a second factor, type the password again when asked.',
  },
  NOT_FOUND: {
    meaning: 'There is nothing of that name or id, or it belongs to someone else.',
    remedy: 'Reload the list; it may have been removed on another device.',
  },
  CONFLICT: {
    meaning: 'The request does not fit the present state, such as a second project for the same folder.',
    remedy: 'Reload and decide again; the message says what is in the way.',
  },
  ALREADY_RESOLVED: {
    meaning: 'The approval was decided already, or it timed out or was cancelled. Your decision did not count.',
    remedy: '`details` says how, by whom and when. Nothing more is needed.',
  },
  STALE_VERSION: {
    meaning: 'The thing was changed since you read it. Nothing was written.',
    remedy: 'Read it again, bring your change over and save.',
  },
  FROZEN: {
    meaning: 'Somebody froze all agents: every call is denied, and nothing is started.',
    remedy: 'The message says who and when. An owner releases it with a fresh proof of who they are.',
  },
  PROJECT_UNAVAILABLE: {
    meaning: "The project's folder is gone, or is no folder any more.",
    remedy: 'Bring it back or mount it, or remove the project from the list.',
  },
  AGENT_UNAVAILABLE: {
    meaning: 'The agent cannot run here: it is not installed, not signed in, or died while it started.',
    remedy: 'The message says which and how to mend it.',
  },
  AGENT_FAILED: {
    meaning: 'The agent runs but could not do what was asked of it.',
    remedy: 'Read the message, then try again; the session can be resumed.',
  },
  TOO_LARGE: {
    meaning: 'The request or the message is larger than the server accepts.',
    remedy: 'Send less at once.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    meaning: 'A request that changes something came as something other than JSON.',
    remedy: 'Send the body as `application/json`.',
  },
  HOST_NOT_ALLOWED: {
    meaning: 'The `Host` header names a host that this server does not serve.',
    remedy: 'Open the product under the address that it prints, or add the name to `ALLOWED_HOSTS`.',
  },
  POLICY_VIOLATION: {
    meaning: "The installation's rules do not allow this.",
    remedy: 'The message names the rule; whoever owns the installation can change it.',
  },
  RATE_LIMITED: {
    meaning: 'There were too many tries in a short time.',
    remedy: 'Wait for as many seconds as `Retry-After` says.',
  },
  STORAGE_FULL: {
    meaning: 'The disk that holds the data folder is full. What was stored before is safe.',
    remedy: 'Free space on the host, then try again.',
  },
  NOT_READY: {
    meaning: 'The server is starting or stopping.',
    remedy: 'Try again in a moment; the browser reconnects by itself.',
  },
  INTERNAL_ERROR: {
    meaning: 'The server met a mistake of its own. `details.requestId` is all it tells.',
    remedy: "Try again. If it stays, look for the request id in the server's log and report it.",
  },
}

/** docs/errors.md */
export function errorsPage(): string {
  const rows = Object.entries(ERROR_TEXTS).map(([name, { meaning, remedy }]) => [code(name), String(statusOf(name)), meaning, remedy])
  return `${generatedHead('Errors')}

Every failure has one shape, over HTTP and in a WebSocket \`error\` message: \`{"error": "a sentence", "code": "UPPER_SNAKE", "details": {}}\`.
Programs decide by \`code\`; \`error\` is for people and may change. \`details\` is there where it helps.

${table(['Code', 'HTTP status', 'What happened', 'What you can do'], rows)}
`
}

function statusOf(name: string): number {
  const status = new Map(Object.entries(STATUS)).get(name)
  if (status === undefined) throw new Error(`There is no HTTP status for ${name}.`)
  return status
}
