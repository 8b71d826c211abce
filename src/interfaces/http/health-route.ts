import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { describeHealth } from './health.js';
import { sendRefusal } from './refusal.js';
import { sendJson } from './respond.js';
import { searchOf } from './routes.js';
import type { ServerInfo } from './server-info.js';

/** A nonce is an unguessable word of the client's, after which it may name the port that it asks: `word` or `word:port`. */
const NONCE = /^[A-Za-z0-9_-]{1,128}(?::(?<port>\d{1,5}))?$/;

/**
 * Answers `GET /health`. With a nonce the answer proves that this server knows the token. A nonce that names a port is
 * answered on that port only: whoever sits on another port cannot pass our proof off as their own.
 */
export function answerHealth(response: ServerResponse, url: string, server: ServerInfo, token: string): void {
  const nonce = new URLSearchParams(searchOf(url)).get('nonce');
  const health = describeHealth(server);
  if (nonce === null) {
    sendJson(response, 200, health);
    return;
  }
  const match = NONCE.exec(nonce);
  const port = match?.groups?.['port'];
  if (match === null || (port !== undefined && Number(port) !== server.port())) {
    sendRefusal(response, { status: 400, reason: 'invalid_input', message: 'This nonce cannot be used here.' });
    return;
  }
  const proof = createHmac('sha256', token)
    .update(nonce + server.instanceId)
    .digest('hex');
  sendJson(response, 200, { ...health, proof });
}
