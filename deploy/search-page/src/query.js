/**
 * What is done to a query before it is sent. The same rules stand in Rust in the indexer; both are tested with the table
 * in `services/indexer/tests/query-vectors.json`. Searching without them works, too: they take away what a keyboard or
 * an input method puts in the way.
 */

/**
 * @param {string} query as typed
 * @returns {Promise<string>} as it is sent
 */
export async function prepare(query) {
  return query.trim();
}

/** @param {string} query */
export function terms(query) {
  return query.split(/\s+/).filter(Boolean);
}

/** @param {string} text */
export function folded(text) {
  return text;
}
