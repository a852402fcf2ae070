import type { AuthStatus, User } from '#protocol/auth'
import { TokenResponse } from '#protocol/auth'
import { isAccessKeyNeeded } from './access-key.ts'
import { ApiError } from './api-error.ts'
import { fetchAuthStatus } from './auth-status.ts'
import { BASE_PATH } from './base-path.ts'
import { forgetDevice } from './forget-device.ts'
import { sendRequest } from './http-request.ts'
import { wasJustTried } from './just-tried.ts'
import type { LoginEnd } from './login-end.ts'
import { noteLoginEnd } from './login-end.ts'
import { currentAttempt, endAttempt } from './refresh-attempt.ts'
import { clearSignedInMarker } from './signed-in-marker.ts'

/** Refreshed this long before it expires, so that no request meets an expired one. */
const MARGIN_MS = 60_000
const LOCK = 'acu-refresh'
const LEFT_AT = 'acu-left-at'

export interface SignedIn {
  status: AuthStatus
  /** Null where the server lets everyone in without naming them. */
  user: User | null
}

/** The access token: held in memory only, fetched with the refresh cookie, renewed before it expires. */
class AuthToken {
  #token: string | null = null
  #expiresAt = 0
  #isOpenToAll = false
  #isSigningOut = false
  #isSignedOut = false
  #refreshing: Promise<User | null> | null = null
  #onUser: ((user: User) => void) | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  /**
   * To be called once, before any other request.
   * @throws ApiError where the server cannot be reached; without a login it leaves for the sign-in page
   */
  async start(): Promise<SignedIn> {
    const [status, login] = await Promise.allSettled([fetchAuthStatus(), this.#renew()])
    if (status.status === 'rejected') {
      if (isAccessKeyNeeded(status.reason)) return leaveForSignIn(null)
      throw toError(status.reason)
    }
    this.#isOpenToAll = status.value.platformMode
    if (login.status === 'fulfilled') return { status: status.value, user: login.value ?? status.value.user ?? null }
    if (this.#isOpenToAll) return { status: status.value, user: status.value.user ?? null }
    if (isRefusal(login.reason)) return leaveForSignIn(endOf(login.reason))
    throw toError(login.reason)
  }

  /** The token to send now, renewed first where it is about to expire; null where none is needed. */
  async current(): Promise<string | null> {
    if (this.#isOpenToAll) return null
    if (this.#token === null || Date.now() >= this.#expiresAt) await this.refresh()
    return this.#token
  }

  /** Calls `listener` with the user after each renewal: the role may be another one then. Returns how to stop. */
  onUser(listener: (user: User) => void): () => void {
    this.#onUser = listener
    return () => {
      this.#onUser = null
    }
  }

  /**
   * Fetches a new token; callers at the same time share one request.
   * @throws ApiError where the server cannot be reached; a login that has ended leaves for the sign-in page
   */
  async refresh(): Promise<void> {
    if (this.#isOpenToAll) return
    this.#refreshing ??= this.#renew().finally(() => {
      this.#refreshing = null
    })
    try {
      await this.#refreshing
    } catch (error) {
      if (isRefusal(error)) {
        // The socket may hear of the sign-out before its answer is here.
        if (this.#isSigningOut) this.#forget()
        await leaveForSignIn(this.#isSigningOut ? null : endOf(error))
      }
      throw error
    }
  }

  /**
   * Ends the login on the server and leaves for the sign-in page.
   * @param fragment what that page finds behind the `#` of its address
   * @throws ApiError where the server did not confirm it; the login goes on then
   */
  async signOut(fragment = ''): Promise<void> {
    this.#isSigningOut = true
    try {
      await sendRequest({ method: 'POST', path: '/api/auth/logout', token: await this.current() })
    } catch (error) {
      this.#isSigningOut = false
      throw error
    }
    this.#forget()
    if (fragment === '') {
      location.replace(`${BASE_PATH}/`)
      return
    }
    // Going to a fragment of the same page would load nothing.
    history.replaceState(null, '', `${BASE_PATH}/#${fragment}`)
    location.reload()
  }

  /** The page is on its way out: from here on nothing of it is stored. */
  #forget(): void {
    this.#isSignedOut = true
    clearTimeout(this.#timer)
    forgetDevice()
    clearSignedInMarker()
  }

  async #requestRefresh(): Promise<unknown> {
    // Looked at once it is this tab's turn: what waits meanwhile would store a new half of the cookie.
    return this.#isSignedOut ? new Promise(() => {}) : requestRefresh()
  }

  async #renew(): Promise<User | null> {
    const { token, expiresIn, user } = TokenResponse.parse(await alone(() => this.#requestRefresh()))
    const lifetimeMs = expiresIn * 1000
    const marginMs = Math.min(MARGIN_MS, lifetimeMs / 4)
    this.#token = token
    this.#onUser?.(user)
    this.#expiresAt = Date.now() + lifetimeMs - marginMs / 2
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.refresh().catch(() => this.#retryLater()), lifetimeMs - marginMs)
    return user
  }

  /** A failed renewal is tried again by the next request in any case; this only saves it the wait. */
  #retryLater(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.refresh().catch(() => this.#retryLater()), 10_000)
  }
}

export const authToken = new AuthToken()

/** Shows the sign-in page at the same address, which says how the login ended and leads back here. Never returns. */
function leaveForSignIn(end: LoginEnd | null): Promise<never> {
  if (end !== null) noteLoginEnd(end)
  clearSignedInMarker()
  // A marker that another program on this host name planted for this address cannot be taken away, and would bring the app again.
  if (wasJustTried(LEFT_AT)) location.replace(`${BASE_PATH}/sign-in`)
  else location.reload()
  return new Promise(() => {})
}

async function requestRefresh(): Promise<unknown> {
  const attempt = currentAttempt()
  const answer = await sendRequest({ method: 'POST', path: '/api/auth/refresh', keepalive: true, attempt })
  endAttempt(attempt)
  return answer
}

/** The cookie is good for one refresh: tabs take turns, and each finds the cookie that the one before was given. */
function alone<Result>(work: () => Promise<Result>): Promise<Result> {
  // Absent where the page came over plain HTTP from another machine.
  return 'locks' in navigator ? navigator.locks.request(LOCK, work) : work()
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.status === 403)
}

/** Null where it did not end: the server wants something else first. */
function endOf(error: unknown): LoginEnd | null {
  if (!(error instanceof ApiError) || error.status !== 401 || isAccessKeyNeeded(error)) return null
  return error.code === 'REFRESH_REUSED' ? 'refresh-reused' : 'ended'
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
