import { TOKENS } from './answer.js';
import { pieces, type WriteAnswer } from './wire.js';

const USAGE = {
  prompt_tokens: TOKENS.input,
  completion_tokens: TOKENS.output,
  total_tokens: TOKENS.input + TOKENS.output,
};

/** OpenAI's Chat Completions. */
export const writeChat: WriteAnswer = ({ text, call }, model) => {
  const about = { id: 'chatcmpl_probe', created: 0, model };
  const finish_reason = call === null ? 'stop' : 'tool_calls';
  const args = JSON.stringify(call?.input ?? {});
  const used = call === null ? [] : [{ id: call.id, type: 'function', function: { name: call.name, arguments: args } }];
  const message = { role: 'assistant', content: text, refusal: null, ...(call === null ? {} : { tool_calls: used }) };
  const chunk = (delta: object, finish: string | null = null, more: object = {}) => ({
    data: { ...about, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }], ...more },
  });
  const begun = used.map((one, index) => ({ index, ...one, function: { ...one.function, arguments: '' } }));
  return {
    document: {
      ...about,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason, logprobs: null }],
      usage: USAGE,
    },
    events: [
      chunk({ role: 'assistant', content: '' }),
      ...pieces(text).map((content) => chunk({ content })),
      ...(call === null
        ? []
        : [
            chunk({ tool_calls: begun }),
            ...pieces(args).map((piece) => chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] })),
          ]),
      chunk({}, finish_reason),
      // Figures come in a chunk of their own, without a choice.
      chunk({}, null, { choices: [], usage: USAGE }),
      { data: '[DONE]' },
    ],
  };
};
