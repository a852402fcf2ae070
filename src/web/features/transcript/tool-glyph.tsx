import Bot from 'lucide-react/icons/bot'
import CircleQuestionMark from 'lucide-react/icons/circle-question-mark'
import FileText from 'lucide-react/icons/file-text'
import Globe from 'lucide-react/icons/globe'
import ListTodo from 'lucide-react/icons/list-todo'
import Map from 'lucide-react/icons/map'
import Pencil from 'lucide-react/icons/pencil'
import Plug from 'lucide-react/icons/plug'
import Search from 'lucide-react/icons/search'
import Terminal from 'lucide-react/icons/terminal'
import Wrench from 'lucide-react/icons/wrench'
import type { ToolKind } from '#protocol/session-events'
import { useSessionRights } from '../../lib/session-rights.ts'
import type { StateTone } from '../../ui/state-mark.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { toolText, transcriptText } from './text-transcript.ts'
import styles from './tool-row.module.css'
import type { ToolState } from './tool-summary.ts'

const ICONS = {
  execute: Terminal,
  edit: Pencil,
  read: FileText,
  search: Search,
  fetch: Globe,
  mcp: Plug,
  subagent: Bot,
  question: CircleQuestionMark,
  plan: Map,
  todo: ListTodo,
  other: Wrench,
} satisfies Record<ToolKind, unknown>

const MARKS: Record<Exclude<ToolState, 'done'>, { tone: StateTone; word: string }> = {
  waiting: { tone: 'waiting', word: toolText.waiting },
  running: { tone: 'working', word: transcriptText.working },
  failed: { tone: 'failed', word: toolText.failed },
  stopped: { tone: 'offline', word: toolText.cancelled },
}

/** Amber is for whoever may decide. */
const WAITING_ELSEWHERE: { tone: StateTone; word: string } = { tone: 'idle', word: toolText.waitingElsewhere }

/** What kind of call it is once it is done, and how it stands until then. */
export function ToolGlyph({ toolKind, state }: { toolKind: ToolKind; state: ToolState }) {
  const { mayDecide } = useSessionRights()
  if (state !== 'done') {
    const mark = state === 'waiting' && !mayDecide ? WAITING_ELSEWHERE : MARKS[state]
    return (
      <span className={styles.glyph}>
        <StateMark {...mark} glyphOnly />
      </span>
    )
  }
  const Icon = ICONS[toolKind]
  return (
    <span className={styles.glyph}>
      <Icon size={16} aria-hidden />
    </span>
  )
}
