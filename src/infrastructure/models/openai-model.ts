import OpenAI from 'openai';
import { z } from 'zod';
import type { AskModel } from '../../application/ports/ask-model.js';
import { estimateTokens } from '../../domain/distil/estimate-tokens.js';
import { callModel, parseAnswer } from './call-model.js';
import type { ModelSettings } from './model-settings.js';
import { TokenCount } from './token-count.js';

/** The one function that is offered, and must be called: its arguments are the answer. */
const FUNCTION = 'record';

/** As much of a response as is read; other servers leave out what OpenAI promises. */
const Response = z.object({
  choices: z
    .tuple(
      [
        z.object({
          message: z.object({
            content: z.string().nullish(),
            tool_calls: z.array(z.object({ function: z.object({ arguments: z.string() }).optional() })).nullish(),
          }),
        }),
      ],
      z.unknown(),
    )
    .optional()
    .catch(undefined),
  usage: z.object({ prompt_tokens: TokenCount, completion_tokens: TokenCount }).optional().catch(undefined),
});

/** A model over OpenAI's Chat Completions, which other providers and local servers speak as well. */
export function openOpenAiModel({ model, baseUrl, apiKey, timeoutMs }: ModelSettings): AskModel {
  // Retries are the caller's, which asks the budget before each. The SDK would read more from the environment.
  const client = new OpenAI({
    apiKey,
    organization: null,
    project: null,
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
  });
  return ({ system: task, data, schema, maxOutputTokens }, signal) =>
    callModel(
      async (ending) => {
        const system = `${task}\nAnswer by calling the tool "${FUNCTION}", once.`;
        const parameters = { ...schema };
        const response = await client.chat.completions
          .create(
            {
              model,
              max_completion_tokens: maxOutputTokens,
              messages: [
                { role: 'system', content: system },
                { role: 'user', content: data },
              ],
              tools: [{ type: 'function', function: { name: FUNCTION, parameters } }],
              tool_choice: { type: 'function', function: { name: FUNCTION } },
            },
            { signal: ending },
          )
          .asResponse();
        const text = await response.text();
        const { choices, usage } = Response.catch({}).parse(parseAnswer(text));
        const message = choices?.[0].message;
        const called = message?.tool_calls?.find((call) => call.function !== undefined);
        return {
          value: parseAnswer(called?.function?.arguments ?? message?.content),
          inputTokens: usage?.prompt_tokens ?? estimateTokens(system, data, JSON.stringify(parameters)),
          outputTokens: usage?.completion_tokens ?? estimateTokens(text),
        };
      },
      timeoutMs,
      signal,
    );
}
