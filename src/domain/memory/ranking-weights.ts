/**
 * What is known of a document when it is ranked; each is explained in docs/search.md. All are free of the size of the
 * question and of the collection, so that one weight each serves all data.
 */
export const FEATURES = [
  'text',
  'beside',
  'session',
  'age',
  'days',
  'brevity',
  'asks',
  'who',
  'date',
  'pinned',
] as const;
export type Feature = (typeof FEATURES)[number];
export type Features = Readonly<Record<Feature, number>>;

/** The one weight vector for all data. */
const RANKING_WEIGHTS: Features = {
  text: 1,
  beside: 0.25,
  session: 0.2,
  age: 0.04,
  days: 0.03,
  brevity: 0.3,
  asks: 0.25,
  who: 0.8,
  date: 0.5,
  pinned: 0.05,
};

export function scoreOf(features: Features, weights: Features = RANKING_WEIGHTS): number {
  let score = 0;
  for (const feature of FEATURES) score += features[feature] * weights[feature];
  return score;
}
