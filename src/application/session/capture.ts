import type { Dependencies } from '../dependencies.js';
import { createLocateSession, type LocateSession, type SessionOrigin } from './session-origin.js';

/** What every way into memory asks first. */
export interface Capture {
  readonly isOn: boolean;
  /** Whether anything of a session may be remembered. */
  takes(origin: Pick<SessionOrigin, 'cwd'>): boolean;
  readonly locate: LocateSession;
}

/**
 * Nothing is taken while memory is off, none of a directory that is excluded, and none of the data directory: there our
 * own distillers work.
 */
export function createCapture(
  needs: Pick<Dependencies, 'read' | 'directories' | 'repositories' | 'isExcluded' | 'settings'>,
): Capture {
  const { enabled, home } = needs.settings.memory;
  return {
    isOn: enabled,
    takes: ({ cwd }) => enabled && !isWithin(home, cwd) && !needs.isExcluded({ toolName: '', paths: [cwd], cwd }),
    locate: createLocateSession(needs),
  };
}

function isWithin(directory: string, path: string): boolean {
  return path === directory || path.startsWith(`${directory}/`) || path.startsWith(`${directory}\\`);
}
