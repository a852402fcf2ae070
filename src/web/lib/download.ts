import { storedAccessKey } from './access-key.ts'
import { errorOfFailure, errorOfResponse } from './api-error.ts'
import { authToken } from './auth-token.ts'
import { BASE_PATH } from './base-path.ts'

/** The browser has taken a file long before. */
const RELEASE_AFTER_MS = 60_000

/**
 * Fetches a file with the token, which a link cannot send, and hands it to the browser's downloads. The browser keeps
 * what is large on disk.
 * @throws ApiError with a sentence, whatever went wrong
 */
export async function download(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await fetchFile(path))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), RELEASE_AFTER_MS)
}

async function fetchFile(path: string): Promise<Blob> {
  const headers = new Headers()
  const token = await authToken.current()
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  const accessKey = storedAccessKey()
  if (accessKey !== null) headers.set('x-api-key', accessKey)
  const response = await fetch(BASE_PATH + path, { headers, credentials: 'same-origin', cache: 'no-store' }).catch((cause: unknown) => {
    throw errorOfFailure(cause)
  })
  if (!response.ok) throw await errorOfResponse(response)
  return response.blob().catch((cause: unknown) => {
    throw errorOfFailure(cause)
  })
}
