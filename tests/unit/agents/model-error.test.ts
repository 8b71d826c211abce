import { describe, expect, it } from 'vitest';
import { lastModelError } from '../../../src/infrastructure/agents/acp/model-error.js';

const AT = Date.parse('2026-11-28T11:14:07.000Z');
const line = (time: string, session: string, small: boolean, said: string) =>
  `timestamp=2026-11-28T11:14:${time}Z level=ERROR run=c5d7f4bc message="stream error" providerID=fake modelID=fake-model session.id=${session} small=${String(small)} agent=build mode=primary error.error="${said}"`;

describe("opencode's log", () => {
  it('tells the last refusal of this conversation, with its quotes', () => {
    const log = [line('07.100', 'ses_1', false, 'first'), line('08.000', 'ses_1', false, String.raw`a \"b\"`), ''];
    expect(lastModelError(log.join('\n'), 'ses_1', AT)).toBe('a "b"');
  });

  it.each([
    ['an older one', line('06.900', 'ses_1', false, 'no')],
    ['another conversation', line('08.000', 'ses_2', false, 'no')],
    ['a title', line('08.000', 'ses_1', true, 'no')],
    ['half a line', line('08.000', 'ses_1', false, 'no').slice(40)],
    ['something else', 'Error handling request {\n  jsonrpc: "2.0",\n}'],
    ['nothing', ''],
  ])('tells nothing of %s', (_, log) => {
    expect(lastModelError(log, 'ses_1', AT)).toBeNull();
  });
});
