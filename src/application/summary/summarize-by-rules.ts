import { summarize } from '../../domain/summary/summarize.js';
import type { Summarize } from '../ports/summarizer.js';

/** The summarizer that needs no model. */
export const summarizeByRules: Summarize = async (material) => ({ origin: 'rules', parts: summarize(material) });
