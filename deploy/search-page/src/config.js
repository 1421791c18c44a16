/**
 * `config.json` beside the page: `{"url": "http://host:7700", "index": "articles", "key": "…"}`. The key is one that may
 * only search, and may be left out where the engine asks for none. Everybody who sees the page sees this file.
 *
 * @typedef {{url: string, index: string, key: string}} Config
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
  if (typeof url !== 'string' || !/^https?:\/\/[^/]/.test(url)) return { problem: 'config.json: url' };
  if (typeof index !== 'string' || !/^[\w-]+$/.test(index)) return { problem: 'config.json: index' };
  if (typeof key !== 'string') return { problem: 'config.json: key' };
  return { config: { url: url.replace(/\/+$/, ''), index, key } };
}
