import KeyRound from 'lucide-react/icons/key-round'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import type { ApiKey } from '#protocol/api-keys'
import type { Scope } from '#protocol/permissions'
import { messageOf } from '../../lib/api-error.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { formatDate } from '../../ui/settings/format-since.ts'
import { SettingsList, SettingsRow, SettingsSection } from '../../ui/settings/settings-section.tsx'
import { Since } from '../../ui/settings/since.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useApiKeys } from './api-key-queries.ts'
import { CreateKeyDialog } from './create-key-dialog.tsx'
import { RevokeKeyDialog } from './revoke-key-dialog.tsx'
import { keysText, scopeWords } from './text-api-keys.ts'

/** Keys for programs. `scopes`: what the user's role may do, and so what a key may be given. */
export function ApiKeysSection({ scopes }: { scopes: readonly Scope[] }) {
  const keys = useApiKeys()
  const [isCreating, setIsCreating] = useState(false)
  return (
    <SettingsSection id="api-keys" title={keysText.title} description={keysText.description}>
      {keys.isPending && <Skeleton label={keysText.loading} rows={2} />}
      {keys.isError && (
        <Notice tone="negative" title={keysText.failed} action={<Button onClick={() => void keys.refetch()}>{keysText.retry}</Button>}>
          {messageOf(keys.error)}
        </Notice>
      )}
      {keys.data !== undefined && <Keys keys={keys.data} />}
      <Button onClick={() => setIsCreating(true)}>
        <Plus size={16} aria-hidden />
        {keysText.create}
      </Button>
      {isCreating && <CreateKeyDialog scopes={scopes} onClose={() => setIsCreating(false)} />}
    </SettingsSection>
  )
}

function Keys({ keys }: { keys: readonly ApiKey[] }) {
  const now = useNow()
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  if (keys.length === 0) return <p>{keysText.none}</p>
  return (
    <>
      <SettingsList label={keysText.list}>
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} now={now} onRevoke={() => setRevoking(key)} />
        ))}
      </SettingsList>
      {revoking !== null && <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(null)} />}
    </>
  )
}

function KeyRow({ apiKey, now, onRevoke }: { apiKey: ApiKey; now: Date; onRevoke: () => void }) {
  const { name, prefix, scopes, createdAt, expiresAt, lastUsedAt } = apiKey
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= now.getTime()
  return (
    <SettingsRow
      icon={<KeyRound size={16} aria-hidden />}
      title={name}
      badge={isExpired && <Badge tone="negative">{keysText.expired}</Badge>}
      facts={[
        <code key="prefix">{prefix}…</code>,
        keysText.may(scopes.map((scope) => scopeWords[scope]).join(', ')),
        <span key="created">
          {keysText.created} <Since at={createdAt} now={now} />
        </span>,
        expiryWords(expiresAt, isExpired),
        lastUsedAt === null ? (
          keysText.neverUsed
        ) : (
          <span key="used">
            {keysText.used} <Since at={lastUsedAt} now={now} />
          </span>
        ),
      ]}
      actions={
        <Button aria-label={keysText.revokeNamed(name)} onClick={onRevoke}>
          {keysText.revoke}
        </Button>
      }
    />
  )
}

function expiryWords(expiresAt: string | null, isExpired: boolean): string {
  if (expiresAt === null) return keysText.neverExpires
  return isExpired ? keysText.expiredOn(formatDate(expiresAt)) : keysText.expires(formatDate(expiresAt))
}
