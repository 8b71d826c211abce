import { type FSWatcher, watch } from 'node:fs';
import { basename } from 'node:path';
import type { TranscriptPart, Transcripts } from '../../application/ports/transcripts.js';
import { directoryOf } from './open-transcript.js';
import type { ReadTranscriptInput } from './read-transcript.js';

export interface TranscriptFilesOptions {
  /** Directories that agents keep their transcripts in. */
  readonly roots: readonly string[];
  readonly read: (input: ReadTranscriptInput, signal: AbortSignal) => Promise<TranscriptPart>;
}

/** Transcripts as files: read off the main thread, and watched by their directory, in which they come and go. */
export function createTranscriptFiles({ roots, read }: TranscriptFilesOptions): Transcripts {
  return {
    read: (request, signal) => read({ ...request, roots }, signal),
    async watch(path, changed) {
      const directory = await directoryOf(path, roots);
      if (directory === null) return null;
      const name = basename(path);
      let watcher: FSWatcher;
      try {
        watcher = watch(directory, { persistent: false }, (_type, entry) => {
          if (entry === null || entry === name) changed();
        });
      } catch {
        // The system has no watch left, or the directory is gone: ends of turns and of sessions still tell.
        return null;
      }
      watcher.on('error', () => watcher.close());
      return { close: () => watcher.close() };
    },
  };
}
