/**
 * Several engines as one (pure but for {@link ask}): each keeps some issues, all are asked, and the answers are put together as
 * one engine would have given them. An issue stands whole on one engine, so nothing is counted twice.
 */

/** Sorts behind everything. */
const NOTHING = Symbol('nothing');

/**
 * A query as each engine gets it: from the first hit on, for the hits of a page may all stand on one engine.
 * @param {Record<string, any>} query
 */
export function widened(query) {
  const wide = { ...query, showRankingScore: true };
  if (query.hitsPerPage !== undefined || query.page !== undefined) {
    Object.assign(wide, { page: 1, hitsPerPage: (query.page ?? 1) * (query.hitsPerPage ?? 20) });
  } else {
    Object.assign(wide, { offset: 0, limit: (query.offset ?? 0) + (query.limit ?? 20) });
  }
  const shown = query.attributesToRetrieve;
  if (shown && !shown.includes('*')) wide.attributesToRetrieve = [...new Set([...shown, 'date_number', ...order(query).map(([name]) => name)])];
  // Where some of the words may be missing, those with more of them come before any other order.
  if (query.sort?.length && query.matchingStrategy === 'last') wide.showRankingScoreDetails = true;
  return wide;
}

/** @returns {[string, number][]} what a query is sorted by: name and direction */
function order(query) {
  return (query.sort ?? []).map((rule) => {
    const [name, way] = rule.split(':');
    return [name, way === 'desc' ? -1 : 1];
  });
}

function before(one, other, way) {
  if (one === other) return 0;
  if (one === NOTHING || other === NOTHING) return one === NOTHING ? 1 : -1;
  return (one < other ? -1 : 1) * way;
}

function compare(query) {
  const rules = order(query);
  const matched = (hit) => hit._rankingScoreDetails?.words?.matchingWords ?? 0;
  return (one, other) => {
    let found = matched(other) - matched(one);
    for (const [name, way] of rules) found ||= before(one[name] ?? NOTHING, other[name] ?? NOTHING, way);
    // A score depends on article and query alone, so those of several engines can be compared; of equals the newest first.
    found ||= (other._rankingScore ?? 0) - (one._rankingScore ?? 0);
    return found || before(one.date_number ?? NOTHING, other.date_number ?? NOTHING, -1);
  };
}

const sum = (results, name) => results.reduce((all, it) => all + (it[name] ?? 0), 0);

function added(distributions) {
  const all = {};
  for (const distribution of distributions) {
    for (const [name, values] of Object.entries(distribution ?? {})) {
      const counts = (all[name] ??= {});
      for (const [value, count] of Object.entries(values)) counts[value] = (counts[value] ?? 0) + count;
    }
  }
  return all;
}

function spread(stats) {
  const all = {};
  for (const [name, { min, max }] of stats.flatMap((it) => Object.entries(it ?? {}))) {
    all[name] = { min: Math.min(min, all[name]?.min ?? min), max: Math.max(max, all[name]?.max ?? max) };
  }
  return all;
}

/**
 * The answers of several engines to one query.
 * @param {Record<string, any>} query as it was before it was widened
 * @param {Record<string, any>[]} results
 */
export function merged(query, results) {
  const [first] = results;
  const hits = results.flatMap((it) => it.hits).sort(compare(query));
  const all = { ...first, processingTimeMs: Math.max(...results.map((it) => it.processingTimeMs ?? 0)) };
  if (first.facetDistribution) all.facetDistribution = added(results.map((it) => it.facetDistribution));
  if (first.facetStats) all.facetStats = spread(results.map((it) => it.facetStats));
  if (first.totalHits !== undefined) {
    const [page, hitsPerPage] = [query.page ?? 1, query.hitsPerPage ?? 20];
    const totalHits = sum(results, 'totalHits');
    return {
      ...all, page, hitsPerPage, totalHits, totalPages: hitsPerPage ? Math.ceil(totalHits / hitsPerPage) : 0,
      hits: hits.slice((page - 1) * hitsPerPage, page * hitsPerPage),
    };
  }
  const [offset, limit] = [query.offset ?? 0, query.limit ?? 20];
  return { ...all, offset, limit, estimatedTotalHits: sum(results, 'estimatedTotalHits'), hits: hits.slice(offset, offset + limit) };
}

/**
 * The values of a facet that several engines found, the most frequent first.
 * @param {{facetHits: {value: string, count: number}[], facetQuery: string | null, processingTimeMs: number}[]} answers
 */
export function mergedFacet(answers) {
  const counts = added(answers.map((it) => ({ values: Object.fromEntries(it.facetHits.map(({ value, count }) => [value, count])) }))).values ?? {};
  const facetHits = Object.entries(counts).map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
  return { ...answers[0], facetHits };
}

/**
 * Asks all engines the same. What one that fails would have found is missing; only when all fail is that a failure.
 * @param {string[]} urls
 * @param {string} path
 * @param {RequestInit} init
 * @param {(address: string, init: RequestInit) => Promise<any>} request
 * @param {(missing: string[]) => void} missed hears which engines did not answer
 */
export async function ask(urls, path, init, request, missed) {
  const body = init.body && JSON.parse(init.body);
  const queries = body?.queries;
  const sent = queries ? { ...init, body: JSON.stringify({ ...body, queries: queries.map(widened) }) } : init;
  const answers = await Promise.allSettled(urls.map((url) => request(`${url}${path}`, sent)));
  const found = answers.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
  if (!found.length) throw answers[0].reason;
  missed(urls.filter((_, at) => answers[at].status === 'rejected'));
  if (queries) return { results: queries.map((query, at) => merged(query, found.map((it) => it.results[at]))) };
  return path.endsWith('/facet-search') ? mergedFacet(found) : found[0];
}
