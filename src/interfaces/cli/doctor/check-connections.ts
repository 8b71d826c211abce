import { messageOf } from '../../../domain/shared/thrown.js';
import { CONNECTABLE, type Connectable, settingsOf } from '../connect/agent-settings.js';
import { placeOf } from '../connect/connect-agent.js';
import { readSettings } from '../connect/settings-file.js';
import type { Context } from '../context.js';
import { type Check, ok, warn } from './check.js';

/** Whether agents that are connected call this installation, for this data directory. Those that are not are left out. */
export function checkConnections(context: Context): Check[] {
  return CONNECTABLE.flatMap((agent) => {
    const check = checkConnection(context, agent);
    return check === undefined ? [] : [check];
  });
}

function checkConnection(context: Context, agent: Connectable): Check | undefined {
  const name = `connected ${agent}`;
  const advice = `Run: cw connect ${agent}`;
  try {
    const files = settingsOf(agent, context.environment.variables).map(({ path, edit }) => {
      const text = readSettings(path).text ?? '';
      return { holdsOurs: edit(text, null) !== text, isCurrent: edit(text, placeOf(context)) === text };
    });
    if (!files.some(({ holdsOurs }) => holdsOurs)) return undefined;
    if (files.every(({ isCurrent }) => isCurrent)) return ok(name, `${agent} calls this installation.`);
    return warn(name, `${agent} calls another installation or data directory, or not for all of its events.`, advice);
  } catch (error) {
    return warn(name, messageOf(error), advice);
  }
}
