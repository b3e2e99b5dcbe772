/**
 * Normalised discounted cumulative gain at `depth`, 0 to 1, with linear gain as trec_eval has it (Järvelin and
 * Kekäläinen, TOIS 2002).
 *
 * @param ranking document ids, best first, each once
 * @param judged document id -> relevance
 */
export function ndcg(ranking: readonly string[], judged: ReadonlyMap<string, number>, depth = 10): number {
  const ideal = dcg([...judged.values()].sort((a, b) => b - a).slice(0, depth));
  return ideal === 0 ? 0 : dcg(ranking.slice(0, depth).map((id) => judged.get(id) ?? 0)) / ideal;
}

const dcg = (gains: readonly number[]) => gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);

/** The share of relevant documents among the first `depth`, 0 to 1. */
export function recall(ranking: readonly string[], judged: ReadonlyMap<string, number>, depth = 10): number {
  const relevant = [...judged].filter(([, relevance]) => relevance > 0).map(([id]) => id);
  const found = new Set(ranking.slice(0, depth));
  return relevant.length === 0 ? 0 : relevant.filter((id) => found.has(id)).length / relevant.length;
}
