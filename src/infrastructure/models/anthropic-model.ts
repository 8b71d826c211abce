import Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import type { AskModel } from '../../application/ports/ask-model.js';
import { estimateTokens } from '../../domain/distil/estimate-tokens.js';
import { callModel, parseAnswer } from './call-model.js';
import type { ModelSettings } from './model-settings.js';
import { TokenCount } from './token-count.js';

/** The one tool that is offered, and must be used: its input is the answer. */
const TOOL = 'record';

/** As much of a response as is read; other servers leave out what Anthropic promises. */
const Response = z.object({
  content: z
    .array(z.object({ type: z.string(), text: z.string().optional(), input: z.unknown() }))
    .optional()
    .catch(undefined),
  usage: z
    .object({
      input_tokens: TokenCount,
      output_tokens: TokenCount,
      cache_creation_input_tokens: TokenCount,
      cache_read_input_tokens: TokenCount,
    })
    .optional()
    .catch(undefined),
});

/** A model over Anthropic's Messages API. */
export function openAnthropicModel({ model, baseUrl, apiKey, timeoutMs }: ModelSettings): AskModel {
  // Retries are the caller's, which asks the budget before each. The SDK would read other keys from the environment.
  const client = new Anthropic({
    apiKey,
    authToken: null,
    baseURL: baseUrl ?? 'https://api.anthropic.com',
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
  });
  return ({ system: task, data, schema, maxOutputTokens }, signal) =>
    callModel(
      async (ending) => {
        const system = `${task}\nAnswer by calling the tool "${TOOL}", once.`;
        const tool = {
          name: TOOL,
          description: 'Takes the answer.',
          input_schema: { ...schema, type: 'object' as const },
        };
        const response = await client.messages
          .create(
            {
              model,
              system,
              max_tokens: maxOutputTokens,
              messages: [{ role: 'user', content: data }],
              tools: [tool],
              tool_choice: { type: 'tool', name: TOOL },
            },
            { signal: ending },
          )
          .asResponse();
        const text = await response.text();
        const { content, usage } = Response.catch({}).parse(parseAnswer(text));
        const used = content?.find((block) => block.type === 'tool_use');
        const said = content?.find((block) => block.type === 'text');
        const cached = (usage?.cache_creation_input_tokens ?? 0) + (usage?.cache_read_input_tokens ?? 0);
        return {
          value: used === undefined ? parseAnswer(said?.text) : used.input,
          inputTokens: (usage?.input_tokens ?? estimateTokens(system, data, JSON.stringify(tool))) + cached,
          outputTokens: usage?.output_tokens ?? estimateTokens(text),
        };
      },
      timeoutMs,
      signal,
    );
}
