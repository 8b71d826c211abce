import { TOKENS } from './answer.js';
import { pieces, type WriteAnswer } from './wire.js';

const USAGE = {
  promptTokenCount: TOKENS.input,
  candidatesTokenCount: TOKENS.output,
  totalTokenCount: TOKENS.input + TOKENS.output,
};

/** Google's generateContent. */
export const writeContent: WriteAnswer = ({ text, call }, modelVersion) => {
  const said = (parts: readonly object[], finish: object = {}) => ({
    candidates: [{ index: 0, content: { role: 'model', parts }, ...finish }],
    ...{ usageMetadata: USAGE, modelVersion, responseId: 'probe' },
  });
  const stop = { finishReason: 'STOP' };
  const called = call === null ? [] : [{ functionCall: { id: call.id, name: call.name, args: call.input } }];
  const [first, second] = pieces(text);
  return {
    document: said([{ text }, ...called], stop),
    events: [
      { data: said([{ text: first }]) },
      { data: said([{ text: second }]) },
      { data: said(called.length === 0 ? [{ text: '' }] : called, stop) },
    ],
  };
};
