import ArrowUp from 'lucide-react/icons/arrow-up'
import Square from 'lucide-react/icons/square'
import { useState } from 'react'
import type { SessionId } from '#protocol/ids'
import type { SessionView } from '#protocol/session-reducer'
import { useConnection } from '../../lib/connection.ts'
import { useSessionView } from '../../lib/session-store.ts'
import { Button } from '../../ui/button.tsx'
import styles from './composer.module.css'
import { PromptField } from './prompt-field.tsx'
import { composerText } from './text-composer.ts'
import { UsageFoot } from './usage-foot.tsx'
import { useDraft } from './use-draft.ts'
import { useOutgoing } from './use-outgoing.ts'
import { WaitingPrompts } from './waiting-prompts.tsx'

interface ComposerProps {
  sessionId: SessionId
  agentName: string
  /** Called when a prompt was sent from here. */
  onSent: () => void
}

/** Where a person writes to the agent of a session. The draft is kept until the server has the prompt. */
export function Composer({ sessionId, agentName, onSent }: ComposerProps) {
  const [text, setText] = useDraft(sessionId)
  const phase = useSessionView(sessionId, selectPhase)
  const { prompts, error, send } = useOutgoing(sessionId, (refused) => setText(text === '' ? refused : `${refused}\n\n${text}`))

  function sendText() {
    if (text.trim() === '' || !send(text)) return
    setText('')
    onSent()
  }

  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault()
        sendText()
      }}
    >
      <WaitingPrompts sessionId={sessionId} outgoing={prompts} />
      <div className={styles.box}>
        <PromptField text={text} placeholder={placeholderOf(phase, agentName)} onChange={setText} onSend={sendText} error={error} />
        <div className={styles.foot}>
          <div className={styles.facts}>
            <UsageFoot sessionId={sessionId} />
            <span className={styles.keys}>{composerText.keys}</span>
          </div>
          {phase === 'running' && <StopButton sessionId={sessionId} />}
          <Button type="submit" variant="primary" disabled={text.trim() === ''}>
            <ArrowUp size={16} aria-hidden />
            {composerText.send}
          </Button>
        </div>
      </div>
    </form>
  )
}

type Phase = 'ready' | 'running' | 'resumable'

function selectPhase(view: SessionView): Phase {
  if (view.turn !== null) return 'running'
  return view.state === 'interrupted' || view.state === 'exited' ? 'resumable' : 'ready'
}

function placeholderOf(phase: Phase, agentName: string): string {
  if (phase === 'running') return composerText.placeholderRunning
  return phase === 'resumable' ? composerText.placeholderResume : composerText.placeholder(agentName)
}

/** Ends the running turn. Mounted while one runs. */
function StopButton({ sessionId }: { sessionId: SessionId }) {
  const connection = useConnection()
  const [isStopping, setIsStopping] = useState(false)
  return (
    <Button
      disabled={isStopping}
      onClick={() => {
        connection.interrupt(sessionId)
        setIsStopping(connection.state === 'open')
      }}
    >
      <Square size={16} aria-hidden />
      {isStopping ? composerText.stopping : composerText.stop}
    </Button>
  )
}
