import { timingSafeEqual } from 'node:crypto';

/** What an Authorization header shows; empty for none and for another kind. */
export function bearerOf(header = ''): string {
  return /^Bearer ([^ ]+)$/i.exec(header)?.[1] ?? '';
}

/** Makes the check of an Authorization header; how long it takes tells nothing of the token but its length. */
export function bearerChecker(token: string): (header: string | undefined) => boolean {
  const expected = Buffer.from(token);
  return (header) => {
    const given = Buffer.from(bearerOf(header));
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}
