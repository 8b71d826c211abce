import OpenAI from 'openai';
import { z } from 'zod';
import { ModelFailure } from '../../application/ports/ask-model.js';
import type { Embedder } from '../../application/ports/embedder.js';
import { callModel, parseAnswer } from './call-model.js';

/** Where the embedder is. `apiKey` is empty for a server of one's own that asks for none. */
export interface EmbedderSettings {
  readonly model: string;
  readonly baseUrl?: string | undefined;
  readonly apiKey: string;
  readonly dimensions?: number | undefined;
  readonly timeoutMs: number;
}

/** As much of a response as is read. */
const Response = z.object({
  data: z.array(z.object({ index: z.int().nonnegative().optional(), embedding: z.array(z.number()).min(1) })),
});

/** Embeddings over OpenAI's API, which other providers and local servers speak as well. */
export function openOpenAiEmbedder({ model, baseUrl, apiKey, dimensions, timeoutMs }: EmbedderSettings): Embedder {
  const client = new OpenAI({
    apiKey: apiKey === '' ? 'none' : apiKey,
    organization: null,
    project: null,
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
  });
  return {
    model,
    embed: (texts, signal) =>
      callModel(
        async (ending) => {
          const request = { model, input: [...texts], encoding_format: 'float' as const };
          const asked = dimensions === undefined ? request : { ...request, dimensions };
          const response = await client.embeddings.create(asked, { signal: ending }).asResponse();
          const { data } = Response.safeParse(parseAnswer(await response.text())).data ?? { data: [] };
          return vectorsOf(data, texts.length);
        },
        timeoutMs,
        signal,
      ),
  };
}

/** One for each text, all of one length. Throws a ModelFailure for an answer that holds something else. */
function vectorsOf(data: z.infer<typeof Response>['data'], count: number): Float32Array[] {
  const vectors = new Array<Float32Array | undefined>(count).fill(undefined);
  for (const [place, { index = place, embedding }] of data.entries()) {
    if (index < count) vectors[index] = Float32Array.from(embedding);
  }
  const length = vectors[0]?.length ?? 0;
  const whole = vectors.filter((vector) => vector?.length === length && vector.every(Number.isFinite));
  // A whole number of bytes is needed for the signs; every model that is in use has one.
  if (length > 0 && length % 8 === 0 && whole.length === count) return whole as Float32Array[];
  const message =
    'The embedder answered with something else than one vector for each text, of a multiple of 8 numbers.';
  throw new ModelFailure(message, { isFinal: false, retryAfterMs: null, mayHaveCost: true });
}
