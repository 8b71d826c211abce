/** Where a model is. Without `baseUrl` it is the provider's own. `timeoutMs` is for one call. */
export interface ModelSettings {
  readonly provider: 'anthropic' | 'openai';
  readonly model: string;
  readonly baseUrl?: string | undefined;
  readonly apiKey: string;
  readonly timeoutMs: number;
}
