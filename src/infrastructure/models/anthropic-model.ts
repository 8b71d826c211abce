import Anthropic from '@anthropic-ai/sdk';
import type { AskModel } from '../../application/ports/ask-model.js';
import { callModel, parseAnswer } from './call-model.js';
import type { ModelSettings } from './model-settings.js';

/** The one tool that is offered, and must be used: its input is the answer. */
const TOOL = 'record';

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
  return ({ system, data, schema, maxOutputTokens }, signal) =>
    callModel(
      async (ending) => {
        const { content, usage } = await client.messages.create(
          {
            model,
            system,
            max_tokens: maxOutputTokens,
            messages: [{ role: 'user', content: data }],
            tools: [{ name: TOOL, description: 'Takes the answer.', input_schema: { ...schema, type: 'object' } }],
            tool_choice: { type: 'tool', name: TOOL },
          },
          { signal: ending },
        );
        const used = content.find((block) => block.type === 'tool_use');
        const said = content.find((block) => block.type === 'text');
        const cached = (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
        return {
          value: used === undefined ? parseAnswer(said?.text) : used.input,
          inputTokens: usage.input_tokens + cached,
          outputTokens: usage.output_tokens,
        };
      },
      timeoutMs,
      signal,
    );
}
