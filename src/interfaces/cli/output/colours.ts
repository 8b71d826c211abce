import pc from 'picocolors';
import type { Variables } from '../../../environment.js';

export type Colours = ReturnType<typeof pc.createColors>;

/** What decides about colours: the environment's variables, and whether a terminal shows the stream. */
export interface ColourNeeds {
  readonly variables: Variables;
  readonly isTerminal: boolean;
}

/** NO_COLOR wins, then FORCE_COLOR, then whether a terminal is there that knows colours. */
export function wantsColours({ variables, isTerminal }: ColourNeeds): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM = '' } = variables;
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
}

/** Colours for one stream. Never picocolors' own choice: it is made once, for stdout, and colours what CI logs. */
export function createColours(needs: ColourNeeds): Colours {
  return pc.createColors(wantsColours(needs));
}
