import { timingSafeEqual } from 'node:crypto';

/** Makes the check of an Authorization header; how long it takes tells nothing of the token but its length. */
export function bearerChecker(token: string): (header: string | undefined) => boolean {
  const expected = Buffer.from(token);
  return (header = '') => {
    const [, shown = ''] = /^Bearer ([^ ]+)$/i.exec(header) ?? [];
    const given = Buffer.from(shown);
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}
