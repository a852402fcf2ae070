import type { EventOf, SessionEvent } from '#protocol/session-events'
import { type Conversation, type Task, toolCallIdOf } from './conversation.ts'
import type { SystemMessage, TaskMessage } from './native-messages.ts'
import { endTools } from './translate-tools.ts'

type Message<Subtype extends TaskMessage['subtype']> = Extract<TaskMessage, { subtype: Subtype }>
type FinalStatus = NonNullable<Task['lastStatus']>

const FINAL_STATUS: Record<string, FinalStatus> = { completed: 'completed', failed: 'failed', killed: 'stopped', stopped: 'stopped' }

export function isTaskMessage(message: SystemMessage): message is TaskMessage {
  return message.subtype.startsWith('task_') || message.subtype === 'background_tasks_changed'
}

/** Sub-agents, commands in the background and workflows: what runs beside the conversation. */
export function translateTask(conversation: Conversation, message: TaskMessage): SessionEvent[] {
  switch (message.subtype) {
    case 'task_started':
      return taskStarted(conversation, message)
    case 'task_progress':
      return taskProgress(conversation, message)
    case 'task_updated':
      return taskUpdated(conversation, message)
    case 'task_notification':
      return taskNotified(conversation, message)
    case 'background_tasks_changed':
      return backgroundTasksChanged(conversation, message)
  }
}

function taskStarted(conversation: Conversation, message: Message<'task_started'>): SessionEvent[] {
  if (message.skip_transcript === true || message.ambient === true) return []
  const tool = message.tool_use_id === undefined ? undefined : conversation.openTools.get(message.tool_use_id)
  const task: Task = {
    taskId: message.task_id,
    toolNativeId: message.tool_use_id ?? null,
    toolCallId: message.tool_use_id === undefined ? undefined : toolCallIdOf(message.tool_use_id),
    turnId: tool?.turnId ?? conversation.turn?.id,
    kind: kindOf(message.task_type),
    isBackground: message.is_backgrounded === true,
    title: message.description,
    lastStatus: null,
  }
  conversation.tasks.set(task.taskId, task)
  return [{ ...fieldsOf(task), kind: 'task.started', status: 'running' }]
}

function taskProgress(conversation: Conversation, message: Message<'task_progress'>): SessionEvent[] {
  const task = conversation.tasks.get(message.task_id)
  return task ? [{ ...fieldsOf(task), kind: 'task.updated', status: 'running', summary: message.summary ?? message.description }] : []
}

/** The agent says first that a task is over and then, in a notification, what came of it: the notification ends it. */
function taskUpdated(conversation: Conversation, message: Message<'task_updated'>): SessionEvent[] {
  const task = conversation.tasks.get(message.task_id)
  if (!task) return []
  const { patch } = message
  task.lastStatus = FINAL_STATUS[patch.status ?? ''] ?? task.lastStatus
  if (patch.is_backgrounded === undefined || patch.is_backgrounded === task.isBackground) return []
  task.isBackground = patch.is_backgrounded
  return [{ ...fieldsOf(task), kind: 'task.updated', status: 'running' }]
}

function taskNotified(conversation: Conversation, message: Message<'task_notification'>): SessionEvent[] {
  const task = conversation.tasks.get(message.task_id)
  return task ? endTask(conversation, task, FINAL_STATUS[message.status] ?? 'stopped', message.summary) : []
}

/** The list of what runs in the background: a task of ours that is on it no more has ended, told or not. */
function backgroundTasksChanged(conversation: Conversation, message: Message<'background_tasks_changed'>): SessionEvent[] {
  const running = new Set(message.tasks.map((task) => task.task_id))
  for (const task of conversation.tasks.values()) if (running.has(task.taskId)) task.isBackground = true
  return [...conversation.tasks.values()]
    .filter((task) => task.isBackground && task.lastStatus !== null && !running.has(task.taskId))
    .flatMap((task) => endTask(conversation, task, task.lastStatus ?? 'stopped'))
}

/** Ends the tasks that `which` names; nobody will tell what became of them. */
export function endTasks(conversation: Conversation, which: (task: Task) => boolean): SessionEvent[] {
  return [...conversation.tasks.values()].filter(which).flatMap((task) => endTask(conversation, task, task.lastStatus ?? 'stopped'))
}

function endTask(conversation: Conversation, task: Task, status: FinalStatus, summary?: string): SessionEvent[] {
  conversation.tasks.delete(task.taskId)
  if (task.toolNativeId !== null) conversation.lanes.delete(task.toolNativeId)
  const orphans = endTools(
    conversation,
    status === 'stopped' ? 'cancelled' : 'unknown',
    (tool) => tool.parentNativeId !== null && tool.parentNativeId === task.toolNativeId,
  )
  return [...orphans, { ...fieldsOf(task), kind: 'task.ended', status, summary }]
}

function fieldsOf(task: Task) {
  const { taskId, toolCallId, turnId } = task
  return { v: 1 as const, turnId, taskId, toolCallId, taskKind: task.kind, background: task.isBackground, title: task.title }
}

function kindOf(nativeType: string | undefined): EventOf<'task.started'>['taskKind'] {
  if (nativeType === 'local_agent' || nativeType === 'remote_agent') return 'subagent'
  return nativeType === 'local_workflow' ? 'workflow' : 'shell'
}
