import type { Fact } from '../../domain/event/event.js';
import type { Dependencies } from '../dependencies.js';
import type { Scope } from '../lifecycle/scope.js';

/** Between two looks while a session is open, in milliseconds: short beside the time after which one is idle. */
const LOOK_MS = 3_600_000;

interface Needs extends Pick<Dependencies, 'read' | 'eventLog' | 'logger'> {
  readonly closeIdleSessions: (signal: AbortSignal) => Promise<number>;
}

/**
 * Closes sessions of which nothing is heard for long: now, and while any is open. There is one timer, set only then; with
 * no session open, the next one that starts sets it. All ends with the scope.
 */
export async function watchIdleSessions(needs: Needs, scope: Scope): Promise<void> {
  const { read, eventLog, logger, closeIdleSessions } = needs;
  const { signal } = scope;
  let isSet = false;
  let looking: Promise<void> | undefined;

  function set(): void {
    if (isSet || signal.aborted) return;
    isSet = true;
    scope.after('idle sessions', LOOK_MS, () => {
      isSet = false;
      looking = look().catch((error: unknown) => {
        if (signal.aborted) return;
        logger.warn('idle sessions could not be closed; the next look tries again', { error });
        set();
      });
    });
  }

  async function look(): Promise<void> {
    const closed = await closeIdleSessions(signal);
    if (closed > 0) logger.info('closed sessions of which nothing was heard for long', { closed });
    const { active } = await read(({ sessions }) => sessions.open());
    if (active > 0) set();
  }

  const hear = ({ type }: Fact) => {
    if (type === 'session.started' || type === 'session.resumed') set();
  };
  scope.defer('look for idle sessions', () => looking);
  scope.defer('listener', eventLog.onAppend(hear));
  await look();
}
