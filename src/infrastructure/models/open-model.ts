import type { AskModel } from '../../application/ports/ask-model.js';
import type { ModelSettings } from './model-settings.js';

/** A model behind its provider's SDK, which is loaded with the first call. */
export function openModel(settings: ModelSettings): AskModel {
  let opened: Promise<AskModel> | undefined;
  return async (request, signal) => {
    opened ??= open(settings);
    return (await opened)(request, signal);
  };
}

async function open(settings: ModelSettings): Promise<AskModel> {
  switch (settings.provider) {
    case 'anthropic':
      return (await import('./anthropic-model.js')).openAnthropicModel(settings);
    case 'openai':
      return (await import('./openai-model.js')).openOpenAiModel(settings);
  }
}
