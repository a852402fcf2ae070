import * as z from 'zod/mini'
import type { SessionEvent } from '#protocol/session-events'
import type { Conversation, OpenTool, Todo } from './conversation.ts'

const TodoStatus = z.enum(['pending', 'in_progress', 'completed'])

/** The whole list at once (`TodoWrite`). */
const TodoList = z.object({
  todos: z.array(z.object({ content: z.string(), status: TodoStatus, activeForm: z.optional(z.string()) })),
})
/** One entry at a time (`TaskCreate`, `TaskUpdate`); the id comes with the result. */
const CreatedTodo = z.object({ task: z.object({ id: z.string(), subject: z.string() }) })
const CreateTodoInput = z.object({ activeForm: z.optional(z.string()) })
const UpdateTodoInput = z.object({
  taskId: z.string(),
  subject: z.optional(z.string()),
  activeForm: z.optional(z.string()),
  status: z.optional(z.enum(['pending', 'in_progress', 'completed', 'deleted'])),
})
const ListedTodos = z.object({ tasks: z.array(z.object({ id: z.string(), subject: z.string(), status: TodoStatus })) })
const Plan = z.object({ plan: z.string(), planFilePath: z.optional(z.string()) })

/** What a tool call's input says about the plan. */
export function planEvents(conversation: Conversation, tool: OpenTool): SessionEvent[] {
  if (tool.name === 'ExitPlanMode') {
    const plan = Plan.safeParse(tool.input)
    return plan.success ? [{ ...planHead(tool), markdown: plan.data.plan, file: plan.data.planFilePath }] : []
  }
  if (tool.name !== 'TodoWrite') return []
  const list = TodoList.safeParse(tool.input)
  if (!list.success) return []
  conversation.todos = new Map(
    list.data.todos.map((todo, index) => [String(index), { text: todo.content, status: todo.status, activeText: todo.activeForm }]),
  )
  return [listed(conversation, tool)]
}

/** What a tool call's result says about the todo list. */
export function todoEvents(conversation: Conversation, tool: OpenTool, payload: unknown): SessionEvent[] {
  const isChanged =
    (tool.name === 'TaskCreate' && addTodo(conversation, tool, payload)) ||
    (tool.name === 'TaskUpdate' && changeTodo(conversation, tool)) ||
    (tool.name === 'TaskList' && replaceTodos(conversation, payload))
  return isChanged ? [listed(conversation, tool)] : []
}

function addTodo(conversation: Conversation, tool: OpenTool, payload: unknown): boolean {
  const created = CreatedTodo.safeParse(payload)
  if (!created.success) return false
  const input = CreateTodoInput.safeParse(tool.input)
  const activeText = input.success ? input.data.activeForm : undefined
  conversation.todos.set(created.data.task.id, { text: created.data.task.subject, status: 'pending', activeText })
  return true
}

function changeTodo(conversation: Conversation, tool: OpenTool): boolean {
  const change = UpdateTodoInput.safeParse(tool.input)
  const todo = change.success ? conversation.todos.get(change.data.taskId) : undefined
  if (!change.success || !todo) return false
  const { taskId, status, subject, activeForm } = change.data
  if (status === 'deleted') return conversation.todos.delete(taskId)
  const changed: Todo = { text: subject ?? todo.text, status: status ?? todo.status, activeText: activeForm ?? todo.activeText }
  conversation.todos.set(taskId, changed)
  return true
}

function replaceTodos(conversation: Conversation, payload: unknown): boolean {
  const list = ListedTodos.safeParse(payload)
  if (!list.success) return false
  const before = conversation.todos
  conversation.todos = new Map(
    list.data.tasks.map((task) => [task.id, { text: task.subject, status: task.status, activeText: before.get(task.id)?.activeText }]),
  )
  return true
}

function listed(conversation: Conversation, tool: OpenTool): SessionEvent {
  return { ...planHead(tool), entries: [...conversation.todos.values()].map((todo) => ({ ...todo })) }
}

function planHead(tool: OpenTool) {
  return { v: 1 as const, turnId: tool.turnId, parentId: tool.parentId, kind: 'plan.updated' as const }
}
