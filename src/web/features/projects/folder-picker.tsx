import Folder from 'lucide-react/icons/folder'
import FolderGit from 'lucide-react/icons/folder-git-2'
import type { FolderListing } from '#protocol/projects'
import type { KeyboardEvent } from 'react'
import { useEffect, useRef } from 'react'
import { messageOf } from '../../lib/api-error.ts'
import { useFolders } from '../../lib/server-queries.ts'
import { projectsText, requestText } from '../../lib/text.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import styles from './folder-picker.module.css'
import { folderTrail } from './folder-trail.ts'

interface FolderPickerProps {
  /** Null: the list of roots. */
  path: string | null
  roots: readonly string[]
  onOpen: (path: string | null) => void
}

/** Walks the folders under the server's roots. Arrow keys move, Enter opens, Backspace goes up. */
export function FolderPicker({ path, roots, onOpen }: FolderPickerProps) {
  const folders = useFolders(path)
  return (
    <div className={styles.picker}>
      <Trail path={path} roots={roots} onOpen={onOpen} />
      <div className={styles.pane}>
        {folders.isPending && <Skeleton label={projectsText.loadingFolders} />}
        {folders.isError && (
          <Notice tone="negative" action={<Button onClick={() => void folders.refetch()}>{requestText.retry}</Button>}>
            {messageOf(folders.error)}
          </Notice>
        )}
        {folders.isSuccess && <FolderList listing={folders.data} onOpen={onOpen} />}
      </div>
    </div>
  )
}

function Trail({ path, roots, onOpen }: FolderPickerProps) {
  const trail = folderTrail(path, roots, projectsText.roots)
  return (
    <nav aria-label={projectsText.breadcrumbs}>
      <ol className={styles.trail}>
        {trail.map((crumb, index) => (
          <li key={crumb.path ?? ''}>
            <button
              type="button"
              className={styles.crumb}
              title={crumb.path ?? undefined}
              aria-current={index === trail.length - 1 ? 'location' : undefined}
              onClick={() => onOpen(crumb.path)}
            >
              {crumb.name}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}

function FolderList({ listing, onOpen }: { listing: FolderListing; onOpen: (path: string | null) => void }) {
  const list = useRef<HTMLUListElement>(null)

  useEffect(() => {
    // The row that was pressed is gone: the focus goes on in the new list instead of being lost.
    if (document.activeElement === document.body || document.activeElement?.tagName === 'DIALOG') focusRow(list.current, 0)
  }, [listing.path])

  function moveOrGoUp(event: KeyboardEvent<HTMLUListElement>) {
    if (event.key === 'Backspace' && listing.path !== null) onOpen(listing.parent)
    else if (event.key === 'ArrowDown') focusRow(list.current, currentRow(list.current) + 1)
    else if (event.key === 'ArrowUp') focusRow(list.current, currentRow(list.current) - 1)
    else return
    event.preventDefault()
  }

  if (listing.folders.length === 0) return <p className={styles.none}>{projectsText.noFolders}</p>
  return (
    <>
      <ul ref={list} className={styles.folders} aria-label={projectsText.folders} onKeyDown={moveOrGoUp}>
        {listing.folders.map((folder, index) => (
          <li key={folder.path}>
            <button type="button" className={styles.folder} tabIndex={index === 0 ? 0 : -1} onClick={() => onOpen(folder.path)}>
              {folder.isGitRepository ? <FolderGit size={16} aria-label={projectsText.gitRepository} /> : <Folder size={16} aria-hidden />}
              <span className={styles.name}>{folder.name}</span>
            </button>
          </li>
        ))}
      </ul>
      {listing.truncated && <p className={styles.none}>{projectsText.truncated}</p>}
    </>
  )
}

function rowsOf(list: HTMLUListElement | null): HTMLButtonElement[] {
  return list === null ? [] : [...list.querySelectorAll('button')]
}

function currentRow(list: HTMLUListElement | null): number {
  return rowsOf(list).findIndex((row) => row === document.activeElement)
}

function focusRow(list: HTMLUListElement | null, index: number): void {
  const rows = rowsOf(list)
  rows[Math.max(0, Math.min(index, rows.length - 1))]?.focus()
}
