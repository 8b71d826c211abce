import { EXIT, type ExitCode } from '../../../exit-codes.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import type { JsonOption } from '../help.js';
import { parseId } from '../input/id.js';
import { escapeLines } from '../output/escape-controls.js';
import { renderFields } from '../output/fields.js';
import { formatFullMoment } from '../output/times.js';
import { connect } from '../server/connect.js';
import { createTerminal } from '../terminal.js';

/** Prints an observation with all it says. */
export async function showObservation(context: Context, id: string, { json }: JsonOption): Promise<ExitCode> {
  const observationId = parseId('obs', id);
  await using client = await connect(context);
  const [observation] = await client.observation.get.query({ observationIds: [observationId] });
  if (observation === undefined) throw new CliError(EXIT.notFound, `There is no observation ${observationId}.`);
  const terminal = createTerminal(context);
  if (json === true) {
    terminal.printJson(observation);
    return EXIT.done;
  }
  const now = Date.now();
  const place = [
    ['observation', observation.id],
    ['session', observation.sessionId],
    ['workspace', observation.workspaceId],
    ['made', formatFullMoment(observation.createdAt, now)],
  ] as const;
  if (observation.status === 'forgotten') {
    const fields = [...place, ['forgotten', formatFullMoment(observation.forgottenAt, now)]] as const;
    terminal.print(renderFields(fields, terminal.colours));
    return EXIT.done;
  }
  const { type, title, origin, pinned, concepts, filesRead, filesModified, facts, narrative } = observation;
  const fields = [
    ['title', title],
    ['type', type],
    ['made by', origin],
    ['pinned', pinned ? 'yes' : null],
    ...place,
    ['about', concepts.join(', ') || null],
    ['read', filesRead.join(', ') || null],
    ['modified', filesModified.join(', ') || null],
  ] as const;
  terminal.print(renderFields(fields, terminal.colours));
  terminal.print(['', escapeLines(narrative), ...facts.map((fact) => `- ${escapeLines(fact)}`)].join('\n'));
  return EXIT.done;
}
