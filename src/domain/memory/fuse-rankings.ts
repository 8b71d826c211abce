/**
 * The constant of reciprocal rank fusion. 60 is that of Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms
 * Condorcet and individual rank learning methods", SIGIR 2009, which found it good on all their collections.
 */
const K = 60;

/** Keys of any of the rankings, each best first and without doubles, with 1 / (60 + rank) summed up; greatest sum first, then greatest key. */
export function fuseRankings(...rankings: readonly (readonly number[])[]): { key: number; score: number }[] {
  const scores = new Map<number, number>();
  for (const ranking of rankings) {
    for (const [place, key] of ranking.entries()) scores.set(key, (scores.get(key) ?? 0) + 1 / (K + place + 1));
  }
  return [...scores].map(([key, score]) => ({ key, score })).sort((a, b) => b.score - a.score || b.key - a.key);
}
