/**
 * Where the last character that is whole ends, in bytes, when `bytes` may have been cut anywhere. Bytes that can never
 * become a character count as whole, so that what is no UTF-8 does not hold a reader up.
 */
export function wholeCharactersEnd(bytes: Uint8Array): number {
  // A lead byte says how long its character is; it stands at most three bytes before the cut.
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Where the first character begins, in bytes, when `bytes` may begin within one: 0 to 3. */
export function firstCharacterStart(bytes: Uint8Array): number {
  for (let at = 0; at <= 3 && at < bytes.length; at += 1) {
    if (!isContinuation(bytes[at] ?? 0)) return at;
  }
  return 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0b1100_0000) === 0b1000_0000;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  return 1;
}
