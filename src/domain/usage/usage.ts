import { z } from 'zod';

/** Tokens and money that agents have used. Money is in millionths of a US dollar, so that sums are exact. */
export const Usage = z.object({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  /** The part of `inputTokens` that came from a cache. */
  cachedTokens: z.int().nonnegative(),
  microUsd: z.int().nonnegative(),
});
export type Usage = z.infer<typeof Usage>;

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, microUsd: 0 };

const FIELDS = ['inputTokens', 'outputTokens', 'cachedTokens', 'microUsd'] as const;

/**
 * What was used between two figures of a conversation, each of which counts from its begin. An agent that has begun to
 * count anew, as one does that lost the conversation, says less than before: then all that it says is new.
 */
export function usedSince(before: Usage, now: Usage): Usage {
  const hasRestarted = FIELDS.some((field) => now[field] < before[field]);
  return hasRestarted ? now : combine(now, before, (a, b) => a - b);
}

export function addUsage(one: Usage, other: Usage): Usage {
  return combine(one, other, (a, b) => a + b);
}

function combine(one: Usage, other: Usage, by: (a: number, b: number) => number): Usage {
  return {
    inputTokens: by(one.inputTokens, other.inputTokens),
    outputTokens: by(one.outputTokens, other.outputTokens),
    cachedTokens: by(one.cachedTokens, other.cachedTokens),
    microUsd: by(one.microUsd, other.microUsd),
  };
}

const Tokens = z.int().min(1);
const Usd = z.number().positive();

/** What agents of a profile may use for one task, and in a UTC day; what is not given has no limit. */
export const UsageBudget = z.strictObject({
  taskTokens: Tokens.optional(),
  taskUsd: Usd.optional(),
  dailyTokens: Tokens.optional(),
  dailyUsd: Usd.optional(),
});
export type UsageBudget = z.infer<typeof UsageBudget>;

/** The first limit that is used up, by its name and in words; null while there is something left. */
export function spentLimit(
  budget: UsageBudget,
  { task, day }: { readonly task: Usage; readonly day: Usage },
): { readonly limit: keyof UsageBudget; readonly words: string } | null {
  const tokens = (usage: Usage) => usage.inputTokens + usage.outputTokens;
  const used: Record<keyof UsageBudget, number> = {
    taskTokens: tokens(task),
    taskUsd: task.microUsd / 1e6,
    dailyTokens: tokens(day),
    dailyUsd: day.microUsd / 1e6,
  };
  for (const limit of ['taskTokens', 'taskUsd', 'dailyTokens', 'dailyUsd'] as const) {
    const most = budget[limit];
    if (most === undefined || used[limit] < most) continue;
    const [amount, unit] = limit.endsWith('Usd') ? [`$${String(most)}`, ''] : [most.toLocaleString('en-US'), ' tokens'];
    return { limit, words: `${amount}${unit} ${limit.startsWith('task') ? 'for this task' : 'for today'} are used up` };
  }
  return null;
}
