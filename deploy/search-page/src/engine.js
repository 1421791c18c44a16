/** The search engine: InstantSearch's client for the list, direct requests for articles and issues. */
import { instantMeiliSearch } from '@meilisearch/instant-meilisearch';
import { CLOSE, OPEN } from './marks.js';
import { prepare } from './query.js';
import { ask as askAll } from './several.js';

/** A request without an answer after this is a failure, in milliseconds. */
const PATIENCE = 10_000;
/** Most articles of an issue: a thick Sunday paper has some hundreds. */
const MOST_ARTICLES = 1_000;
export const ISSUES_ON_A_PAGE = 60;

const LISTED = ['article_id', 'revision', 'issue_id', 'publication', 'date', 'page', 'pages', 'position', 'kind', 'section',
  'headline', 'kicker', 'deck', 'byline', 'language', 'warnings', 'continues_on_page', 'continued_from_page', 'issue_number', 'edition'];

/** What a search shows of each article; the body comes once, marked. */
export const HIT = {
  attributesToRetrieve: LISTED,
  attributesToHighlight: ['headline', 'kicker', 'deck', 'body'],
  highlightPreTag: OPEN,
  highlightPostTag: CLOSE,
};

/** A failure, by what the reader can do about it. */
export class EngineError extends Error {
  /**
   * @param {'down' | 'key' | 'index' | 'failed'} kind
   * @param {string} reason
   */
  constructor(kind, reason) {
    super(reason);
    this.kind = kind;
  }
}

/**
 * What an error of any of the clients means.
 * @param {any} error
 * @returns {EngineError}
 */
export function understood(error) {
  // Each client puts what it caught into an error of its own.
  for (let cause = error; cause; cause = cause.cause) {
    if (cause instanceof EngineError) return cause;
  }
  return new EngineError('failed', error?.message ?? String(error));
}

/** @param {import('./config.js').Config} config */
export function connect(config) {
  const [url] = config.urls;
  /** @type {(missing: string[]) => void} */
  let missed = () => {};
  const headers = { 'Content-Type': 'application/json', ...(config.key && { Authorization: `Bearer ${config.key}` }) };

  /** Every request goes this way; with several engines, to all of them. */
  function request(address, init) {
    if (config.urls.length === 1) return one(address, init);
    return askAll(config.urls, String(address).slice(url.length), init, one, (missing) => missed(missing));
  }

  /** Every failure is told apart here. */
  async function one(address, init) {
    let answer;
    try {
      answer = await fetch(address, { ...init, signal: AbortSignal.timeout(PATIENCE) });
    } catch (error) {
      throw new EngineError('down', error.message);
    }
    const body = await answer.json().catch(() => ({}));
    if (answer.ok) return body;
    const reason = body.message ?? String(answer.status);
    if (answer.status === 401 || answer.status === 403) throw new EngineError('key', reason);
    if (body.code === 'index_not_found') throw new EngineError('index', reason);
    throw new EngineError(answer.status >= 502 ? 'down' : 'failed', reason);
  }

  async function post(path, body) {
    return request(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async function ask(...queries) {
    const body = { queries: queries.map((query) => ({ indexUid: config.index, ...query })) };
    return (await post('/multi-search', body)).results;
  }

  const client = (matchingStrategy) =>
    instantMeiliSearch(url, config.key, {
      finitePagination: true,
      httpClient: request,
      meiliSearchParams: { matchingStrategy },
    }).searchClient;
  const strict = client('all');
  const loose = client('last');

  return {
    /** Who hears after each request which of several engines did not answer. */
    onMissed(hears) {
      missed = hears;
    },

    /** For InstantSearch: all words first; some of them where no article has all. */
    searchClient: {
      clearCache() {
        strict.clearCache();
        loose.clearCache();
      },
      async search(requests) {
        const prepared = await Promise.all(
          requests.map(async (it) => ({ ...it, params: { ...it.params, query: await prepare(it.params?.query ?? '') } })),
        );
        const found = await strict.search(prepared);
        if (found.results[0].nbHits > 0 || !prepared[0].params.query) return found;
        const some = await loose.search(prepared);
        some.results[0].relaxed = some.results[0].nbHits > 0;
        return some;
      },
      searchForFacetValues: (requests) => strict.searchForFacetValues(requests),
    },

    /** Whether the engine can search in the values of a facet; older ones cannot. */
    async hasFacetSearch() {
      try {
        await post(`/indexes/${config.index}/facet-search`, { facetName: 'people', facetQuery: '' });
        return true;
      } catch {
        return false;
      }
    },

    /**
     * One article, with the query's words marked, and its issue's list; nothing if there is none. A key that may only
     * search may not fetch a document, so it is searched for.
     * @param {string} id
     * @param {string} q
     */
    async article(id, q) {
      const query = {
        filter: `article_id = ${quoted(id)}`,
        attributesToHighlight: [...HIT.attributesToHighlight, 'subheads'],
        highlightPreTag: OPEN,
        highlightPostTag: CLOSE,
      };
      const found = await ask(...(q ? [{ ...query, q: await prepare(q) }, query] : [query]));
      // While an issue is replaced, both revisions of an article may be there; without a match the words have no marks.
      const article = found.flatMap((it) => it.hits).reduce((one, it) => (one && one.revision >= it.revision ? one : it), undefined);
      return article && { article, issue: await this.issue(article.issue_id) };
    },

    /** The articles of an issue as they stand in it. */
    async issue(id) {
      const [found] = await ask(inOrder(`issue_id = ${quoted(id)}`));
      return found.hits;
    },

    /** The articles of a day, of one title or of all. */
    async day(date, title) {
      const filter = [`date = ${quoted(date)}`, ...(title ? [`publication = ${quoted(title)}`] : [])];
      const [found] = await ask(inOrder(filter));
      return found.hits;
    },

    /** The issues of a title before and after a day; either may be missing. */
    async neighbours(title, date) {
      const number = Number(date.replaceAll('-', ''));
      const one = (comparison, order) => ({
        filter: [`publication = ${quoted(title)}`, `date_number ${comparison} ${number}`],
        sort: [`date_number:${order}`],
        limit: 1,
        attributesToRetrieve: ['issue_id', 'date'],
      });
      const [before, after] = await ask(one('<', 'desc'), one('>', 'asc'));
      return { before: before.hits[0], after: after.hits[0] };
    },

    /** A page of the list of issues, the newest first, and the titles there are. */
    async issues(title, page) {
      const [list, all] = await ask(
        {
          distinct: 'issue_id',
          filter: title ? `publication = ${quoted(title)}` : undefined,
          sort: ['date_number:desc'],
          hitsPerPage: ISSUES_ON_A_PAGE,
          page,
          attributesToRetrieve: ['issue_id', 'publication', 'date', 'issue_number', 'edition'],
        },
        { limit: 0, facets: ['publication'] },
      );
      const counts = list.hits.length
        ? await ask(...list.hits.map((hit) => ({ filter: `issue_id = ${quoted(hit.issue_id)}`, hitsPerPage: 0 })))
        : [];
      const issues = list.hits.map((hit, at) => ({ ...hit, articles: counts[at].totalHits }));
      return { issues, pages: list.totalPages, titles: Object.keys(all.facetDistribution.publication ?? {}).toSorted() };
    },
  };
}

/** @typedef {ReturnType<typeof connect>} Engine */

function inOrder(filter) {
  return {
    filter,
    sort: ['page:asc', 'position:asc'],
    limit: MOST_ARTICLES,
    attributesToRetrieve: [...LISTED, 'body'],
    attributesToCrop: ['body'],
    cropLength: 40,
  };
}

/** A value in a filter. */
function quoted(value) {
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}
