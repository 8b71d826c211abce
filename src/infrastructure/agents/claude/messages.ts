import { z } from 'zod';

/*
 * Claude Code's messages, as far as they are used. Fields come and go between versions: one that is not as expected
 * counts as one that is absent, so that nothing that an agent says can break a turn.
 */
const text = z.string().nullish().catch(undefined);
const number = z.number().nullish().catch(undefined);
const list = z.array(z.unknown()).catch([]);

export const Message = z.object({ type: z.string(), subtype: text, parent_tool_use_id: text });

export const Init = z.object({ claude_code_version: text });

export const Block = z.object({
  type: z.string(),
  text,
  thinking: text,
  id: text,
  name: text,
  input: z.unknown().optional(),
  tool_use_id: text,
  content: z.unknown().optional(),
  is_error: z.boolean().nullish().catch(undefined),
});
export type Block = z.infer<typeof Block>;

/** A message of the model, or one to it. */
export const Said = z.object({
  message: z.object({ content: z.union([z.string(), list]).catch([]) }).catch({ content: [] }),
  tool_use_result: z.unknown().optional(),
});

const ModelUsage = z.object({
  inputTokens: number,
  outputTokens: number,
  cacheReadInputTokens: number,
  cacheCreationInputTokens: number,
});

export const Result = z.object({
  subtype: text,
  is_error: z.boolean().catch(false),
  result: text,
  errors: z.array(z.string()).catch([]),
  api_error_status: number,
  total_cost_usd: number,
  modelUsage: z.record(z.string(), ModelUsage.catch({})).catch({}),
  queued_turn_count: number,
  origin: z.object({ kind: text }).nullish().catch(undefined),
});
export type Result = z.infer<typeof Result>;

export const BackgroundTask = z.object({ task_id: z.string(), task_type: text });
export const BackgroundTasks = z.object({ tasks: list });

export const ApiRetry = z.object({
  attempt: number,
  max_retries: number,
  retry_delay_ms: number,
  error_status: number,
  error: text,
});

export const RateLimitEvent = z.object({
  rate_limit_info: z.object({ status: text, resetsAt: number, rateLimitType: text }).catch({}),
});

export const ControlRequest = z.object({
  request_id: z.string(),
  request: z
    .object({
      subtype: text,
      tool_name: text,
      tool_use_id: text,
      description: text,
      input: z.unknown().optional(),
      permission_suggestions: list,
    })
    .catch({ input: undefined, permission_suggestions: [] }),
});
export const ControlCancel = z.object({ request_id: z.string() });
export const ControlResponse = z.object({ response: z.object({ request_id: z.string() }) });
