import * as z from 'zod/mini'

/*
 * What Claude Code's process says, as far as we read it. Tolerant: unknown fields are dropped, unknown messages are
 * somebody else's business (`native.raw`). Field names are the agent's own.
 */

const parent = { parent_tool_use_id: z.optional(z.nullable(z.string())) }
const count = z._default(z.number(), 0)

const ApiUsage = z.object({
  input_tokens: z.optional(z.nullable(z.number())),
  output_tokens: z.optional(z.nullable(z.number())),
  cache_read_input_tokens: z.optional(z.nullable(z.number())),
  cache_creation_input_tokens: z.optional(z.nullable(z.number())),
  output_tokens_details: z.optional(z.nullable(z.object({ thinking_tokens: z.optional(z.nullable(z.number())) }))),
})
export type ApiUsage = z.infer<typeof ApiUsage>

const StreamEvent = z.object({
  ...parent,
  type: z.literal('stream_event'),
  uuid: z.string(),
  event: z.object({
    type: z.string(),
    index: z.optional(z.number()),
    message: z.optional(z.object({ id: z.optional(z.string()), model: z.optional(z.string()), usage: z.optional(ApiUsage) })),
    content_block: z.optional(z.object({ type: z.string(), id: z.optional(z.string()), name: z.optional(z.string()) })),
    delta: z.optional(
      z.object({
        type: z.optional(z.string()),
        text: z.optional(z.string()),
        thinking: z.optional(z.string()),
        partial_json: z.optional(z.string()),
      }),
    ),
    usage: z.optional(z.nullable(ApiUsage)),
  }),
})
export type StreamEvent = z.infer<typeof StreamEvent>

const AssistantMessage = z.object({
  ...parent,
  type: z.literal('assistant'),
  uuid: z.string(),
  message: z.object({
    id: z.optional(z.string()),
    model: z.optional(z.string()),
    content: z.array(
      z.object({
        type: z.string(),
        text: z.optional(z.string()),
        thinking: z.optional(z.string()),
        id: z.optional(z.string()),
        name: z.optional(z.string()),
        input: z.optional(z.unknown()),
      }),
    ),
    usage: z.optional(z.nullable(ApiUsage)),
  }),
  error: z.optional(z.string()),
  api_error_status: z.optional(z.nullable(z.number())),
  api_error: z.optional(z.string()),
})
export type AssistantMessage = z.infer<typeof AssistantMessage>

export const ToolResultMeta = z.object({
  id: z.string(),
  non_execution_kind: z.optional(z.string()),
  permission_decision: z.optional(z.object({ decision: z.optional(z.string()), source: z.optional(z.string()) })),
})

const UserMessage = z.object({
  ...parent,
  type: z.literal('user'),
  uuid: z.optional(z.string()),
  isReplay: z.optional(z.boolean()),
  message: z.object({
    content: z.union([
      z.string(),
      z.array(
        z.object({
          type: z.string(),
          text: z.optional(z.string()),
          tool_use_id: z.optional(z.string()),
          content: z.optional(z.unknown()),
          is_error: z.optional(z.nullable(z.boolean())),
        }),
      ),
    ]),
  }),
  tool_use_result: z.optional(z.unknown()),
  tool_result_meta: z.optional(z.array(ToolResultMeta)),
})
export type UserMessage = z.infer<typeof UserMessage>

const ModelUsage = z.object({
  inputTokens: count,
  outputTokens: count,
  thinkingTokens: z.optional(z.number()),
  cacheReadInputTokens: count,
  cacheCreationInputTokens: count,
  costUSD: count,
  contextWindow: z.optional(z.number()),
})

const ResultMessage = z.object({
  type: z.literal('result'),
  subtype: z.string(),
  is_error: z._default(z.boolean(), false),
  result: z.optional(z.string()),
  errors: z.optional(z.array(z.string())),
  stop_reason: z.optional(z.nullable(z.string())),
  terminal_reason: z.optional(z.string()),
  api_error_status: z.optional(z.nullable(z.number())),
  api_error: z.optional(z.string()),
  duration_ms: z.optional(z.number()),
  num_turns: z.optional(z.number()),
  total_cost_usd: z.optional(z.number()),
  usage: z.optional(z.nullable(ApiUsage)),
  modelUsage: z._default(z.record(z.string(), ModelUsage), {}),
  model_usage_since_last_result: z.optional(z.record(z.string(), ModelUsage)),
  user_message_uuid: z.optional(z.string()),
  user_message_uuids: z.optional(z.array(z.string())),
})
export type ResultMessage = z.infer<typeof ResultMessage>

const LifecycleMessage = z.object({
  type: z.literal('command_lifecycle'),
  command_uuid: z.string(),
  state: z.string(),
})
export type LifecycleMessage = z.infer<typeof LifecycleMessage>

const ConversationReset = z.object({ type: z.literal('conversation_reset') })

export const RateLimitMessage = z.object({
  type: z.literal('rate_limit_event'),
  rate_limit_info: z.object({
    status: z.string(),
    resetsAt: z.optional(z.nullable(z.number())),
    rateLimitType: z.optional(z.nullable(z.string())),
    utilization: z.optional(z.nullable(z.number())),
  }),
})

export const ToolProgress = z.object({
  ...parent,
  type: z.literal('tool_progress'),
  tool_use_id: z.string(),
  subagent_retry: z.optional(
    z.object({ attempt: z.number(), max_retries: z.number(), retry_delay_ms: z.number(), error_status: z.nullable(z.number()) }),
  ),
})

const system = { type: z.literal('system') }

const InitMessage = z.object({
  ...system,
  subtype: z.literal('init'),
  session_id: z.string(),
  model: z.string(),
  permissionMode: z.string(),
  tools: z.array(z.string()),
  slash_commands: z._default(z.array(z.string()), []),
  terminal_slash_commands: z._default(z.array(z.string()), []),
  apiKeySource: z.optional(z.string()),
})
export type InitMessage = z.infer<typeof InitMessage>

const StatusMessage = z.object({
  ...system,
  subtype: z.literal('status'),
  status: z.nullable(z.string()),
  permissionMode: z.optional(z.string()),
  compact_result: z.optional(z.string()),
  compact_error: z.optional(z.string()),
})
export type StatusMessage = z.infer<typeof StatusMessage>

const RetryMessage = z.object({
  ...system,
  subtype: z.literal('api_retry'),
  attempt: z.number(),
  max_retries: z.number(),
  retry_delay_ms: z.number(),
  error_status: z.nullable(z.number()),
  error: z.optional(z.string()),
})
export type RetryMessage = z.infer<typeof RetryMessage>

const task = { ...system, task_id: z.string(), tool_use_id: z.optional(z.string()), ambient: z.optional(z.boolean()) }

const TaskStarted = z.object({
  ...task,
  subtype: z.literal('task_started'),
  description: z.optional(z.string()),
  task_type: z.optional(z.string()),
  is_backgrounded: z.optional(z.boolean()),
  skip_transcript: z.optional(z.boolean()),
})
const TaskProgress = z.object({
  ...task,
  subtype: z.literal('task_progress'),
  description: z.optional(z.string()),
  summary: z.optional(z.string()),
})
const TaskUpdated = z.object({
  ...task,
  subtype: z.literal('task_updated'),
  patch: z.object({
    status: z.optional(z.string()),
    description: z.optional(z.string()),
    error: z.optional(z.string()),
    is_backgrounded: z.optional(z.boolean()),
  }),
})
const TaskNotification = z.object({
  ...task,
  subtype: z.literal('task_notification'),
  status: z.string(),
  summary: z.optional(z.string()),
})
const BackgroundTasksChanged = z.object({
  ...system,
  subtype: z.literal('background_tasks_changed'),
  tasks: z.array(z.object({ task_id: z.string() })),
})

const TaskMessage = z.discriminatedUnion('subtype', [TaskStarted, TaskProgress, TaskUpdated, TaskNotification, BackgroundTasksChanged])
export type TaskMessage = z.infer<typeof TaskMessage>

const ReportMessage = z.discriminatedUnion('subtype', [
  z.object({ ...system, subtype: z.literal('permission_denied'), tool_name: z.string(), message: z.string() }),
  z.object({ ...system, subtype: z.literal('informational'), content: z.string(), level: z.optional(z.string()) }),
  z.object({ ...system, subtype: z.literal('notification'), text: z.string() }),
  z.object({ ...system, subtype: z.literal('local_command_output'), content: z.string() }),
  z.object({ ...system, subtype: z.literal('model_refusal_fallback'), content: z.string() }),
  z.object({ ...system, subtype: z.literal('model_refusal_no_fallback'), content: z.string() }),
  z.object({ ...system, subtype: z.literal('session_writes_lost'), error_code: z.string() }),
])
export type ReportMessage = z.infer<typeof ReportMessage>

const SystemMessage = z.discriminatedUnion('subtype', [
  InitMessage,
  StatusMessage,
  RetryMessage,
  z.object({ ...system, subtype: z.literal('session_state_changed'), state: z.string() }),
  z.object({ ...system, subtype: z.literal('session_title_changed'), title: z.string() }),
  z.object({ ...system, subtype: z.literal('commands_changed'), commands: z.array(z.object({ name: z.string() })) }),
  z.object({
    ...system,
    subtype: z.literal('compact_boundary'),
    compact_metadata: z.object({
      trigger: z.enum(['manual', 'auto']),
      pre_tokens: z.optional(z.number()),
      post_tokens: z.optional(z.number()),
    }),
  }),
  TaskMessage,
  ReportMessage,
])
export type SystemMessage = z.infer<typeof SystemMessage>

export const NativeMessage = z.discriminatedUnion('type', [
  StreamEvent,
  AssistantMessage,
  UserMessage,
  ResultMessage,
  LifecycleMessage,
  ConversationReset,
  RateLimitMessage,
  ToolProgress,
  SystemMessage,
])
export type NativeMessage = z.infer<typeof NativeMessage>

/** The answer to the first request, before any prompt. */
export const Initialization = z.object({
  commands: z._default(z.array(z.object({ name: z.string() })), []),
  models: z._default(
    z.array(
      z.object({
        value: z.string(),
        displayName: z.string(),
        description: z.optional(z.string()),
        resolvedModel: z.optional(z.string()),
      }),
    ),
    [],
  ),
  claude_code_version: z.optional(z.string()),
})
export type Initialization = z.infer<typeof Initialization>
