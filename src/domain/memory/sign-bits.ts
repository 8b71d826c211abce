/** The signs of a vector's numbers, one bit each, the first in the lowest: as `vec_quantize_binary` of sqlite-vec packs them. */
export function signBits(vector: Float32Array): Uint8Array {
  const bits = new Uint8Array(vector.length / 8);
  for (const [at, number] of vector.entries()) {
    if (number > 0) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return bits;
}
