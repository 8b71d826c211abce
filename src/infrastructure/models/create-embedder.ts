import type { Embedder } from '../../application/ports/embedder.js';
import type { EmbedderSettings } from './openai-embedder.js';

/** An embedder behind its SDK, which is loaded with the first call. */
export function createEmbedder(settings: EmbedderSettings): Embedder {
  let opened: Promise<Embedder> | undefined;
  return {
    model: settings.model,
    async embed(texts, signal) {
      opened ??= import('./openai-embedder.js').then(({ openOpenAiEmbedder }) => openOpenAiEmbedder(settings));
      return (await opened).embed(texts, signal);
    },
  };
}
