/**
 * `config.json` beside the page: `{"url": "http://host:7700", "index": "articles", "key": "…"}`. The key is one that may
 * only search, and may be left out where the engine asks for none. Everybody who sees the page sees this file. Several engines
 * that share the issues, all with the same key: `"urls": ["http://one:7700", "http://two:7700"]` instead of `url`.
 *
 * @typedef {{urls: string[], index: string, key: string}} Config
 */

/** @typedef {{config?: Config, problem?: string}} Loaded */

/**
 * Reads the configuration; what is wrong with it comes back as a problem, for the page to show.
 * @param {string} address
 * @returns {Promise<Loaded>}
 */
export async function loadConfig(address) {
  try {
    const answer = await fetch(address, { cache: 'no-store' });
    if (!answer.ok) return { problem: `${address}: ${answer.status}` };
    return check(await answer.json());
  } catch (error) {
    return { problem: `${address}: ${error.message}` };
  }
}

/**
 * @param {unknown} json
 * @returns {Loaded}
 */
export function check(json) {
  const { url, index = 'articles', key = '' } = json ?? {};
  const urls = json?.urls ?? [url];
  const right = (it) => typeof it === 'string' && /^https?:\/\/[^/]/.test(it);
  if (!Array.isArray(urls) || !urls.length || !urls.every(right)) return { problem: `config.json: ${json?.urls ? 'urls' : 'url'}` };
  if (typeof index !== 'string' || !/^[\w-]+$/.test(index)) return { problem: 'config.json: index' };
  if (typeof key !== 'string') return { problem: 'config.json: key' };
  return { config: { urls: urls.map((it) => it.replace(/\/+$/, '')), index, key } };
}
