import { useState } from 'react'
import type { ToolItem } from '#protocol/session-view/items'
import { Button } from '../../ui/button.tsx'
import { plainOutput } from './plain-output.ts'
import { TextPart } from './text-part.tsx'
import { toolText } from './text-transcript.ts'
import styles from './tool-row.module.css'

/** So many lines are shown at first, from the end, where commands say how they went. */
const LAST_LINES = 20

/** What a tool call printed: its last lines, or all of them. */
export function CommandOutput({ tool }: { tool: ToolItem }) {
  const [showsAll, setShowsAll] = useState(false)
  const text = plainOutput(tool.output)
  if (text.trim() === '') return tool.status === 'running' ? null : <p className={styles.note}>{toolText.noOutput}</p>
  const lines = text.split('\n')
  const isCut = lines.length > LAST_LINES && !showsAll
  return (
    <>
      <TextPart label={toolText.output} text={isCut ? lines.slice(-LAST_LINES).join('\n') : text} />
      {lines.length > LAST_LINES && (
        <div>
          <Button variant="quiet" className={styles.raw} onClick={() => setShowsAll(!showsAll)}>
            {isCut ? toolText.showAllLines(lines.length) : toolText.showLastLines}
          </Button>
        </div>
      )}
      {tool.isOutputTruncated && <p className={styles.note}>{toolText.truncated}</p>}
    </>
  )
}
