import type { ToolItem } from '#protocol/session-view/items'
import { TextPart } from './text-part.tsx'
import { toolText } from './text-transcript.ts'
import { exactText } from './tool-input.ts'

/** Exactly what went in and came out. */
export function RawView({ tool }: { tool: ToolItem }) {
  const input = tool.input === undefined ? tool.inputText : exactText(tool.input)
  return (
    <>
      <TextPart label={`${tool.name} · ${toolText.input}`} text={input} />
      {tool.output !== '' && <TextPart label={toolText.output} text={tool.output} />}
      {tool.result !== undefined && <TextPart label={toolText.result} text={exactText(tool.result)} />}
    </>
  )
}
