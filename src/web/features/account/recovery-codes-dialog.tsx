import Copy from 'lucide-react/icons/copy'
import Download from 'lucide-react/icons/download'
import { useId, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './recovery-codes-dialog.module.css'
import { saveText } from '../../lib/save-text.ts'
import { takeFocus } from './take-focus.ts'
import { commonText, recoveryText } from './text-account.ts'

interface RecoveryCodesDialogProps {
  codes: readonly string[]
  username: string
  onClose: () => void
}

/** Shows the codes this once; does not close before somebody says that they are saved. */
export function RecoveryCodesDialog({ codes, username, onClose }: RecoveryCodesDialogProps) {
  const noteId = useId()
  const box = useRef<HTMLInputElement>(null)
  const [isSaved, setIsSaved] = useState(false)
  const [isReminded, setIsReminded] = useState(false)
  const isMissing = isReminded && !isSaved

  function close() {
    if (isSaved) onClose()
    else {
      setIsReminded(true)
      takeFocus(box.current)
    }
  }

  return (
    <Dialog
      title={recoveryText.title}
      closeLabel={commonText.close}
      onClose={close}
      footer={
        <Button variant="primary" onClick={close}>
          {recoveryText.done}
        </Button>
      }
    >
      <p>{recoveryText.text}</p>
      <ul className={styles.codes} aria-label={recoveryText.list}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <WaysToSave codes={codes} username={username} />
      <div>
        <label className={styles.saved}>
          <input
            ref={box}
            type="checkbox"
            checked={isSaved}
            aria-invalid={isMissing}
            aria-describedby={noteId}
            onChange={(event) => setIsSaved(event.target.checked)}
          />
          {recoveryText.saved}
        </label>
        <p id={noteId} role="alert" className={styles.reminder}>
          {isMissing && recoveryText.saveFirst}
        </p>
      </div>
    </Dialog>
  )
}

function WaysToSave({ codes, username }: { codes: readonly string[]; username: string }) {
  const [copied, setCopied] = useState<'yes' | 'failed' | null>(null)
  const file = recoveryText.file(location.host, username, codes)

  function copy() {
    navigator.clipboard.writeText(codes.join('\n')).then(
      () => setCopied('yes'),
      () => setCopied('failed'),
    )
  }

  return (
    <div className={styles.ways}>
      {'clipboard' in navigator && (
        <Button onClick={copy}>
          <Copy size={16} aria-hidden />
          {recoveryText.copy}
        </Button>
      )}
      <Button onClick={() => saveText(recoveryText.fileName, file)}>
        <Download size={16} aria-hidden />
        {recoveryText.download}
      </Button>
      <p role="status" className={styles.copied}>
        {copied === 'yes' && recoveryText.copied}
        {copied === 'failed' && recoveryText.copyFailed}
      </p>
    </div>
  )
}
