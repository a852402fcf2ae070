import { useDeferredValue, useId, useMemo, useRef, useState } from 'react'
import { saveText } from '../../lib/save-text.ts'
import { Button } from '../../ui/button.tsx'
import { SettingsSection } from '../../ui/settings/settings-section.tsx'
import { readDocument, type TextFault, textOf } from './document-text.ts'
import { countChanges } from './policy-changes.ts'
import { changesOf, type PolicyDraft, withDocument } from './policy-draft.ts'
import styles from './policy.module.css'
import { documentText } from './text-policy.ts'
import { TextEditor } from './text-editor.tsx'
import type { Unsaved } from './unsaved-changes.ts'

const LARGEST_FILE = 4_000_000
const SHOWN_FAULTS = 20

interface DocumentSectionProps {
  draft: PolicyDraft
  text: Unsaved['text']
  mayChange: boolean
  onChange: (draft: PolicyDraft) => void
  onText: (text: Unsaved['text']) => void
}

/** The whole policy as one document, to read, to edit, and to carry elsewhere. */
export function DocumentSection({ draft, text, mayChange, onChange, onText }: DocumentSectionProps) {
  const [message, setMessage] = useState('')

  function edit(next: string | null) {
    onText(next === null ? null : { now: next, opened: text?.opened ?? textOf(draft) })
    setMessage('')
  }

  async function load(file: File | undefined) {
    if (file === undefined) return
    if (file.size > LARGEST_FILE) setMessage(documentText.tooLarge)
    else edit(await file.text())
  }

  function take(next: PolicyDraft) {
    onChange(next)
    onText(null)
    setMessage(countChanges(changesOf(next)) === 0 ? documentText.unchanged : documentText.taken)
  }

  return (
    <SettingsSection id="document" title={documentText.title} description={documentText.description}>
      {text !== null && <OpenDocument text={text.now} draft={draft} mayChange={mayChange} onEdit={edit} onTake={take} />}
      <p role="status">{message}</p>
      <div className={styles.buttons}>
        {text === null && <Button onClick={() => edit(textOf(draft))}>{mayChange ? documentText.open : documentText.show}</Button>}
        <Button onClick={() => saveText(documentText.fileName, textOf(draft))}>{documentText.export}</Button>
        {mayChange && <ImportButton onFile={(file) => void load(file)} />}
      </div>
    </SettingsSection>
  )
}

interface OpenDocumentProps {
  text: string
  draft: PolicyDraft
  mayChange: boolean
  onEdit: (text: string | null) => void
  onTake: (draft: PolicyDraft) => void
}

function OpenDocument({ text, draft, mayChange, onEdit, onTake }: OpenDocumentProps) {
  const id = useId()
  const editor = useRef<HTMLTextAreaElement>(null)
  // A long document is read while one types on.
  const settled = useDeferredValue(text)
  const { document, faults } = useMemo(() => readDocument(settled, draft.base), [settled, draft.base])
  const isRead = settled === text
  return (
    <>
      <TextEditor
        ref={editor}
        label={documentText.label}
        text={text}
        readOnly={!mayChange}
        describedBy={faults.length === 0 ? undefined : id}
        onChange={onEdit}
      />
      <div id={id} role="status">
        {faults.length > 0 && <Faults faults={faults} onGo={(line) => goToLine(editor.current, line)} />}
      </div>
      {mayChange && (
        <div className={styles.buttons}>
          <Button
            variant="primary"
            disabled={document === null || !isRead}
            onClick={() => document !== null && onTake(withDocument(draft, document))}
          >
            {documentText.take}
          </Button>
          <Button onClick={() => onEdit(null)}>{documentText.reset}</Button>
        </div>
      )}
    </>
  )
}

function Faults({ faults, onGo }: { faults: readonly TextFault[]; onGo: (line: number) => void }) {
  return (
    <div className={styles.faults}>
      <p>{documentText.faults(faults.length)}</p>
      <ul>
        {faults.slice(0, SHOWN_FAULTS).map(({ line, message }, index) => (
          // The list is drawn anew with every change of the text.
          <li key={index}>
            {line !== null && (
              <button type="button" className={styles.link} onClick={() => onGo(line)}>
                {documentText.atLine(line)}
              </button>
            )}{' '}
            {message}
          </li>
        ))}
      </ul>
      {faults.length > SHOWN_FAULTS && <p>{documentText.more(faults.length - SHOWN_FAULTS)}</p>}
    </div>
  )
}

function ImportButton({ onFile }: { onFile: (file: File | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button onClick={() => input.current?.click()}>{documentText.import}</Button>
      <input
        ref={input}
        hidden
        type="file"
        accept=".json,application/json"
        aria-label={documentText.import}
        onChange={(event) => {
          onFile(event.target.files?.[0])
          // The same file may be chosen again after it was changed.
          event.target.value = ''
        }}
      />
    </>
  )
}

function goToLine(editor: HTMLTextAreaElement | null, line: number): void {
  if (editor === null) return
  const lines = editor.value.split('\n')
  const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0)
  editor.focus()
  editor.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
  editor.scrollTop = (editor.scrollHeight / lines.length) * Math.max(0, line - 4)
}
