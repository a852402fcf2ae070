import { Notice } from '../../ui/notice.tsx'
import { whyNoPasskeys } from './why-no-passkeys.ts'
import { passkeyText } from './text-account.ts'

/** Says why no passkey can be added, and where one can. */
export function NoPasskeysHere() {
  const { reason, localUrl } = whyNoPasskeys({
    location,
    isSecure: window.isSecureContext,
    isKnown: 'PublicKeyCredential' in window,
  })
  return (
    <Notice title={passkeyText.unavailableTitle}>
      {passkeyText.unavailable[reason]} {localUrl !== null && <a href={localUrl}>{passkeyText.openLocally(localUrl)}</a>}
      {localUrl === null && reason !== 'browser' && passkeyText.openByName}
    </Notice>
  )
}
