import { type Answer, TOKENS } from './answer.js';
import { pieces, type WireEvent, type WriteAnswer } from './wire.js';

const USAGE = { input_tokens: TOKENS.input, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };

/** Anthropic's Messages. */
export const writeMessage: WriteAnswer = (answer, model) => {
  const stop_reason = answer.call === null ? 'end_turn' : 'tool_use';
  const usage = { ...USAGE, output_tokens: TOKENS.output };
  const about = { id: 'msg_probe', type: 'message', role: 'assistant', model, stop_sequence: null };
  const content = blocksOf(answer);
  const empty = { ...about, content: [], stop_reason: null, usage: { ...usage, output_tokens: 0 } };
  const stopped = { delta: { stop_reason, stop_sequence: null }, usage };
  return {
    document: { ...about, content, stop_reason, usage },
    events: [
      named('message_start', { message: empty }),
      ...content.flatMap(streamed),
      named('message_delta', stopped),
      named('message_stop', {}),
    ],
  };
};

type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: object };

function blocksOf({ text, call }: Answer): Block[] {
  return [{ type: 'text', text }, ...(call === null ? [] : [{ type: 'tool_use' as const, ...call }])];
}

function streamed(block: Block, index: number): WireEvent[] {
  const content_block = block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} };
  const deltas =
    block.type === 'text'
      ? pieces(block.text).map((text) => ({ type: 'text_delta', text }))
      : pieces(JSON.stringify(block.input)).map((partial_json) => ({ type: 'input_json_delta', partial_json }));
  return [
    named('content_block_start', { index, content_block }),
    ...deltas.map((delta) => named('content_block_delta', { index, delta })),
    named('content_block_stop', { index }),
  ];
}

function named(type: string, data: object): WireEvent {
  return { event: type, data: { type, ...data } };
}
