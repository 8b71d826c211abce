import { DomainError } from '../../domain/shared/domain-error.js';
import { createLinuxProcessTable } from './linux-process-table.js';
import type { ProcessTable } from './process-table.js';
import { createPsProcessTable } from './ps-process-table.js';

/**
 * The process table of this platform. On one that has none, every use throws `unavailable`: an agent that could not be
 * stopped with all it started must not be started either.
 */
export function processTableOf(platform: NodeJS.Platform): ProcessTable {
  switch (platform) {
    case 'linux':
    case 'android':
      return createLinuxProcessTable();
    case 'darwin':
      return createPsProcessTable();
    default: {
      const refuse = async () => {
        throw new DomainError(
          'unavailable',
          `Agents cannot run on ${platform} yet: this version cannot end what they start there. Use Linux, macOS or WSL.`,
        );
      };
      return { identify: refuse, list: refuse, alive: refuse, signal: refuse };
    }
  }
}
