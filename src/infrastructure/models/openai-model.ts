import OpenAI from 'openai';
import type { AskModel } from '../../application/ports/ask-model.js';
import { callModel, parseAnswer } from './call-model.js';
import type { ModelSettings } from './model-settings.js';

/** The one function that is offered, and must be called: its arguments are the answer. */
const FUNCTION = 'record';

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
  return ({ system, data, schema, maxOutputTokens }, signal) =>
    callModel(
      async (ending) => {
        const { choices, usage } = await client.chat.completions.create(
          {
            model,
            max_completion_tokens: maxOutputTokens,
            messages: [
              { role: 'system', content: system },
              { role: 'user', content: data },
            ],
            tools: [{ type: 'function', function: { name: FUNCTION, parameters: { ...schema } } }],
            tool_choice: { type: 'function', function: { name: FUNCTION } },
          },
          { signal: ending },
        );
        const message = choices[0]?.message;
        const called = message?.tool_calls?.find((call) => call.type === 'function');
        return {
          value: parseAnswer(called?.function.arguments ?? message?.content),
          inputTokens: usage?.prompt_tokens ?? 0,
          outputTokens: usage?.completion_tokens ?? 0,
        };
      },
      timeoutMs,
      signal,
    );
}
