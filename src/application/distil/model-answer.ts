import { z } from 'zod';
import type { Stretch } from '../../domain/distil/distil-by-rules.js';
import {
  type Distilled,
  MAX_CONCEPTS,
  MAX_FACT_LENGTH,
  MAX_FACTS,
  MAX_FILES,
  MAX_NARRATIVE_LENGTH,
  MAX_TITLE_LENGTH,
} from '../../domain/distil/distilled.js';
import { plainText } from '../../domain/distil/excerpt.js';
import { cutText } from '../../domain/shared/cut-text.js';
import type { Redactor } from '../ports/redactor.js';

/** More than so many of one stretch are no distillate. */
const MAX_OBSERVATIONS = 40;

const Answer = z.object({
  observations: z
    .array(
      z.object({
        type: z.enum(['change', 'fix', 'feature', 'refactor', 'decision', 'discovery', 'test', 'command']),
        title: z.string().trim().min(1),
        narrative: z.string(),
        facts: z.array(z.string()),
        concepts: z.array(z.string()),
        filesRead: z.array(z.string()),
        filesModified: z.array(z.string()),
        uses: z.array(z.int().min(1)).min(1),
      }),
    )
    .min(1)
    .max(MAX_OBSERVATIONS),
});

/** What a model is told of the shape of its answer. */
export const ANSWER_SCHEMA = z.toJSONSchema(Answer) as Readonly<Record<string, unknown>>;

/**
 * The observations in an answer, without private parts and secrets, cut to what is kept; undefined for one that is wrong
 * or empty. A model may say what it was never sent: its words are redacted as all that enters is.
 */
export function readAnswer(value: unknown, { toolUses }: Stretch, redactor: Redactor): Distilled[] | undefined {
  const { success, data } = Answer.safeParse(value);
  if (!success) return undefined;
  const made: Distilled[] = [];
  for (const { uses, ...told } of data.observations) {
    const ids = [...new Set(uses)].map((use) => toolUses[use - 1]?.toolUseId);
    if (!ids.every((id) => id !== undefined)) return undefined;
    const title = text(told.title.replace(/\s+/gu, ' '), MAX_TITLE_LENGTH);
    if (title === '') return undefined;
    made.push({
      type: told.type,
      title,
      narrative: text(told.narrative, MAX_NARRATIVE_LENGTH),
      facts: texts(told.facts, MAX_FACTS, MAX_FACT_LENGTH),
      concepts: texts(told.concepts, MAX_CONCEPTS, MAX_TITLE_LENGTH),
      filesRead: texts(told.filesRead, MAX_FILES, MAX_FACT_LENGTH),
      filesModified: texts(told.filesModified, MAX_FILES, MAX_FACT_LENGTH),
      toolUses: ids,
    });
  }
  return made;

  function texts(all: readonly string[], most: number, length: number): string[] {
    return all
      .slice(0, most)
      .map((one) => text(one, length))
      .filter((one) => one !== '');
  }

  /** Redacted before it is cut: of half a secret nobody would know that it was one. */
  function text(said: string, length: number): string {
    return cutText(redactor.redact(redactor.stripPrivate(plainText(said)).text).trim(), length);
  }
}
