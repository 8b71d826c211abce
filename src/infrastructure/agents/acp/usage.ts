import { z } from 'zod';
import type { CumulativeUsage } from '../../../application/ports/agent-update.js';
import { looseList, looseNumber, looseText } from './loose.js';

export const NO_USAGE: CumulativeUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  costUsd: null,
  model: null,
};

const Quota = z.object({
  token_count: z.object({ input_tokens: looseNumber, output_tokens: looseNumber }).nullish().catch(undefined),
  model_usage: looseList(z.object({ model: looseText })).optional(),
});
const Answer = z.object({
  usage: z
    .object({ inputTokens: looseNumber, outputTokens: looseNumber, cachedReadTokens: looseNumber })
    .nullish()
    .catch(undefined),
  _meta: z
    .object({ quota: Quota.nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});
const UsageUpdate = z.object({
  cost: z.object({ amount: z.number(), currency: looseText }).nullish().catch(undefined),
  _meta: z.object({ '_claude/model': looseText }).nullish().catch(undefined),
});

/** The figures of a conversation after a turn: agents tell the tokens of one turn in the answer to its prompt. */
export function usageAfter(before: CumulativeUsage, result: unknown): CumulativeUsage {
  const { success, data } = Answer.safeParse(result);
  if (!success) return before;
  const { usage, _meta } = data;
  const counted = _meta?.quota?.token_count;
  const input = usage?.inputTokens ?? counted?.input_tokens ?? 0;
  return {
    inputTokens: before.inputTokens + input,
    outputTokens: before.outputTokens + (usage?.outputTokens ?? counted?.output_tokens ?? 0),
    cachedTokens: before.cachedTokens + (usage?.cachedReadTokens ?? 0),
    costUsd: before.costUsd,
    model: before.model ?? _meta?.quota?.model_usage?.[0]?.model ?? null,
  };
}

/** The figures with what a usage update told; its cost is that of the whole conversation. Null when it told none of it. */
export function usageWith(before: CumulativeUsage, update: unknown): CumulativeUsage | null {
  const { success, data } = UsageUpdate.safeParse(update);
  if (!success) return null;
  const { cost, _meta } = data;
  const costUsd = cost?.currency === 'USD' ? cost.amount : before.costUsd;
  const model = _meta?.['_claude/model'] ?? before.model;
  return costUsd === before.costUsd && model === before.model ? null : { ...before, costUsd, model };
}
