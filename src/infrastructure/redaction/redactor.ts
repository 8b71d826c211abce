import type { Redactor } from '../../application/ports/redactor.js';
import { prepareText } from '../../domain/privacy/prepare-text.js';
import { stripPrivate } from '../../domain/privacy/private-parts.js';
import { redactJson } from '../../domain/privacy/redact-json.js';
import { redactText } from '../../domain/privacy/redact-text.js';

/** The product's own rules, in this thread. */
export const redactor: Redactor = { stripPrivate, redact: redactText, prepareText, redactJson };
