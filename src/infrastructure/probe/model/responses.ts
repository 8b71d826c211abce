import { type Answer, TOKENS } from './answer.js';
import { pieces, type WireEvent, type WriteAnswer } from './wire.js';

const USAGE = {
  input_tokens: TOKENS.input,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: TOKENS.output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: TOKENS.input + TOKENS.output,
};
const ASKED = { parallel_tool_calls: true, tool_choice: 'auto', tools: [], instructions: null, metadata: {} };
const NO_FAULT = { error: null, incomplete_details: null };

/** OpenAI's Responses. */
export const writeResponse: WriteAnswer = (answer, model) => {
  const about = { id: 'resp_probe', object: 'response', created_at: 0, model, ...ASKED, ...NO_FAULT };
  const output = itemsOf(answer);
  const begun = { ...about, status: 'in_progress', output: [], usage: null };
  const document = { ...about, status: 'completed', output, usage: USAGE };
  const events = [
    named('response.created', { response: begun }),
    ...output.flatMap(streamed),
    named('response.completed', { response: document }),
  ];
  return {
    document,
    events: events.map(({ event, data }, sequence_number) => ({ event, data: { ...data, sequence_number } })),
  };
};

type Item =
  | {
      readonly type: 'message';
      readonly id: string;
      readonly status: string;
      readonly role: 'assistant';
      readonly content: readonly [
        { readonly type: 'output_text'; readonly text: string; readonly annotations: readonly [] },
      ];
    }
  | {
      readonly type: 'function_call';
      readonly id: string;
      readonly status: string;
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
    };

function itemsOf({ text, call }: Answer): Item[] {
  const status = 'completed';
  const content = [{ type: 'output_text', text, annotations: [] }] as const;
  const message = { type: 'message', id: 'msg_probe', status, role: 'assistant', content } as const;
  if (call === null) return [message];
  const { id: call_id, name, input } = call;
  return [message, { type: 'function_call', id: 'fc_probe', status, call_id, name, arguments: JSON.stringify(input) }];
}

function streamed(item: Item, output_index: number): NamedEvent[] {
  const at = { output_index, item_id: item.id };
  const done = named('response.output_item.done', { output_index, item });
  if (item.type === 'function_call') {
    return [
      added({ ...item, status: 'in_progress', arguments: '' }),
      ...pieces(item.arguments).map((delta) => named('response.function_call_arguments.delta', { ...at, delta })),
      named('response.function_call_arguments.done', { ...at, name: item.name, arguments: item.arguments }),
      done,
    ];
  }
  const [part] = item.content;
  const within = { ...at, content_index: 0 };
  return [
    added({ ...item, status: 'in_progress', content: [] }),
    named('response.content_part.added', { ...within, part: { ...part, text: '' } }),
    ...pieces(part.text).map((delta) => named('response.output_text.delta', { ...within, delta, logprobs: [] })),
    named('response.output_text.done', { ...within, text: part.text, logprobs: [] }),
    named('response.content_part.done', { ...within, part }),
    done,
  ];

  function added(begun: object): NamedEvent {
    return named('response.output_item.added', { output_index, item: begun });
  }
}

type NamedEvent = WireEvent & { readonly event: string; readonly data: object };

function named(type: string, data: object): NamedEvent {
  return { event: type, data: { type, ...data } };
}
