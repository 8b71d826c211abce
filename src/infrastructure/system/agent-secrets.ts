import { createHash, randomBytes } from 'node:crypto';
import type { AgentSecrets } from '../../application/ports/agent-secrets.js';

/** 256 bits, as no guess will ever meet. */
const TOKEN_BYTES = 32;

/** Tokens that are known as such where they turn up, and SHA-256. */
export const agentSecrets: AgentSecrets = {
  newToken: () => `cwa_${randomBytes(TOKEN_BYTES).toString('base64url')}`,
  hash: (token) => createHash('sha256').update(token).digest('base64url'),
};
