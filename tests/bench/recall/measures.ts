export interface Measures {
  readonly recall1: number;
  readonly recall5: number;
  readonly recall10: number;
  readonly mrr: number;
  readonly ndcg10: number;
}

/** How well a ranked list meets what is relevant; recall is the share of the relevant ones, of at most k that fit. */
export function measure(ranked: readonly string[], relevant: readonly string[]): Measures {
  const wanted = new Set(relevant);
  const recall = (k: number) => ranked.slice(0, k).filter((id) => wanted.has(id)).length / Math.max(1, wanted.size);
  const first = ranked.findIndex((id) => wanted.has(id));
  const gain = (place: number) => 1 / Math.log2(place + 2);
  let dcg = 0;
  for (const [place, id] of ranked.slice(0, 10).entries()) if (wanted.has(id)) dcg += gain(place);
  let ideal = 0;
  for (let place = 0; place < Math.min(10, wanted.size); place += 1) ideal += gain(place);
  return {
    recall1: recall(1),
    recall5: recall(5),
    recall10: recall(10),
    mrr: first === -1 ? 0 : 1 / (first + 1),
    ndcg10: ideal === 0 ? 0 : dcg / ideal,
  };
}

export function mean(all: readonly Measures[]): Measures {
  const of = (name: keyof Measures) => all.reduce((sum, measures) => sum + measures[name], 0) / Math.max(1, all.length);
  return {
    recall1: of('recall1'),
    recall5: of('recall5'),
    recall10: of('recall10'),
    mrr: of('mrr'),
    ndcg10: of('ndcg10'),
  };
}
