import { join } from 'node:path';
import type { Variables } from '../../environment.js';

/** Where the parts of a probe's place are; all are absolute. */
export interface ProbePaths {
  readonly home: string;
  readonly temporary: string;
  readonly codewalkers: string;
}

/** What is left of the server's environment: how programs are found, and how text looks. */
const KEPT = new Set(['PATH', 'PATHEXT', 'SHELL', 'LANG', 'LANGUAGE', 'TERM', 'TZ', 'COMSPEC', 'SYSTEMROOT', 'WINDIR']);
const KEPT_PREFIX = 'LC_';

/** The environment of a server whose user has this home, so that nothing of the real one's is read or written. */
export function probeEnvironment(server: Variables, { home, temporary, codewalkers }: ProbePaths): Variables {
  const kept = Object.entries(server).filter(([name]) => {
    const upper = process.platform === 'win32' ? name.toUpperCase() : name;
    return KEPT.has(upper) || upper.startsWith(KEPT_PREFIX);
  });
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    APPDATA: join(home, 'AppData', 'Roaming'),
    LOCALAPPDATA: join(home, 'AppData', 'Local'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    CW_HOME: codewalkers,
  };
}
