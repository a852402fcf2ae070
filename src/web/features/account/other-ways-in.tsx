import { Fragment } from 'react'
import { Link } from 'wouter'
import { useFactors } from './account-queries.ts'
import { passwordText } from './text-account.ts'

/** What another password leaves alone, with the way to it; nothing where there is nothing. */
export function OtherWaysIn({ apiKeys }: { apiKeys: number }) {
  const passkeys = useFactors().data?.passkeys.length ?? 0
  const ways = [
    { href: '/account#api-keys', count: apiKeys, text: passwordText.apiKeys(apiKeys) },
    { href: '/account#passkeys', count: passkeys, text: passwordText.passkeys(passkeys) },
  ].filter(({ count }) => count > 0)
  if (ways.length === 0) return null
  return (
    <p>
      {passwordText.stillHave}{' '}
      {ways.map(({ href, text }, index) => (
        <Fragment key={href}>
          {index > 0 && passwordText.and}
          <Link href={href}>{text}</Link>
        </Fragment>
      ))}
      {passwordText.review}
    </p>
  )
}
