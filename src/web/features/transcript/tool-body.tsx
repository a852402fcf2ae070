import type { ToolKind } from '#protocol/session-events'
import type { ToolDiff, ToolItem } from '#protocol/session-view/items'
import { VisibleText } from '../../ui/code/visible-text.tsx'
import { DiffView } from '../../ui/diff/diff-view.tsx'
import { useLineDiff } from '../../ui/diff/use-line-diff.ts'
import { Markdown } from '../../ui/markdown/markdown.tsx'
import { CommandOutput } from './command-output.tsx'
import { questionsOf } from './question-answers.ts'
import { TextPart } from './text-part.tsx'
import { toolText } from './text-transcript.ts'
import styles from './tool-row.module.css'
import { exactText, stringField } from './tool-input.ts'

/** What a tool call was asked and what came of it, in the way of its kind. */
export function ToolBody({ tool }: { tool: ToolItem }) {
  if (tool.input === undefined && tool.inputText !== '') return <TextPart label={toolText.forming} text={tool.inputText} />
  const Body = BODIES[tool.toolKind]
  return <Body tool={tool} />
}

const BODIES: Record<ToolKind, (props: { tool: ToolItem }) => React.ReactNode> = {
  execute: CommandBody,
  edit: EditBody,
  read: PlainBody,
  search: PlainBody,
  fetch: PlainBody,
  mcp: PlainBody,
  subagent: SubagentBody,
  question: QuestionBody,
  plan: PlanBody,
  todo: PlainBody,
  other: PlainBody,
}

function CommandBody({ tool }: { tool: ToolItem }) {
  const command = stringField(tool.input, 'command') ?? tool.title
  return (
    <>
      <TextPart label={toolText.command} text={command} language="bash" hidesLabel />
      <CommandOutput tool={tool} />
    </>
  )
}

function EditBody({ tool }: { tool: ToolItem }) {
  if (tool.diffs.length === 0) return <PlainBody tool={tool} />
  return (
    <>
      {tool.diffs.map((diff) => (
        <Edit key={diff.path} diff={diff} isOnly={tool.diffs.length === 1} />
      ))}
      {tool.status === 'error' && <CommandOutput tool={tool} />}
    </>
  )
}

function Edit({ diff, isOnly }: { diff: ToolDiff; isOnly: boolean }) {
  const lines = useLineDiff(diff)
  return (
    <div className={styles.part}>
      {!isOnly && (
        <p className={styles.path}>
          <VisibleText text={diff.path} />
        </p>
      )}
      <DiffView path={diff.path} diff={lines} />
    </div>
  )
}

function PlainBody({ tool }: { tool: ToolItem }) {
  return (
    <>
      {tool.input !== undefined && <TextPart label={toolText.input} text={exactText(tool.input)} language="json" />}
      <CommandOutput tool={tool} />
    </>
  )
}

function SubagentBody({ tool }: { tool: ToolItem }) {
  const prompt = stringField(tool.input, 'prompt')
  if (prompt === null) return <PlainBody tool={tool} />
  return (
    <>
      <TextPart label={toolText.input} text={prompt} />
      {tool.output !== '' && <Markdown text={tool.output} />}
      {tool.task?.summary !== undefined && <p className={styles.note}>{tool.task.summary}</p>}
    </>
  )
}

function QuestionBody({ tool }: { tool: ToolItem }) {
  const questions = questionsOf(tool.input)
  if (questions.length === 0) return <PlainBody tool={tool} />
  return (
    <dl className={styles.part}>
      {questions.map(({ question, answer }) => (
        <div key={question}>
          <dt className={styles.question}>
            <VisibleText text={question} />
          </dt>
          <dd className={styles.note}>
            <VisibleText text={answer ?? toolText.notAnswered} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function PlanBody({ tool }: { tool: ToolItem }) {
  const plan = stringField(tool.input, 'plan')
  return plan === null ? <PlainBody tool={tool} /> : <Markdown text={plan} />
}
