import type { AttemptFiles } from '../../src/application/ports/attempt-files.js';

/** The outputs of attempts in memory, for tests of use cases; the real files have tests of their own. */
export function createMemoryAttemptFiles(): AttemptFiles & {
  readonly outputs: ReadonlyMap<string, string>;
  readonly results: ReadonlyMap<string, string>;
} {
  const outputs = new Map<string, string>();
  const results = new Map<string, string>();
  return {
    outputs,
    results,
    prepare: (attempt) => Promise.resolve({ outputFile: `/runs/${attempt}/output.log` }),
    writePrompt: (attempt) => Promise.resolve(`/runs/${attempt}/prompt.txt`),
    writeResults(attempt, text) {
      results.set(`/runs/${attempt}/results.json`, text);
      return Promise.resolve(`/runs/${attempt}/results.json`);
    },
    openOutput: (attempt) => ({
      write(text) {
        outputs.set(attempt, (outputs.get(attempt) ?? '') + text);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    }),
    tail(attempt) {
      const text = outputs.get(attempt) ?? '';
      return Promise.resolve({ text, truncated: false, bytes: Buffer.byteLength(text) });
    },
  };
}
