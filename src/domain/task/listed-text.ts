import { cutText, mayBeCutTo } from '../shared/cut-text.js';
import { LISTED_TEXT_LENGTH } from './task-repository.js';

/** A prompt or result as a list shows it. */
export function listedText(text: string): string {
  return cutText(text, LISTED_TEXT_LENGTH);
}

/** False for a listed text that is surely whole. */
export function mayBeCut(listed: string): boolean {
  return mayBeCutTo(listed, LISTED_TEXT_LENGTH);
}
