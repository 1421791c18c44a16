/**
 * Addresses ⇄ what they show. Everything is in the query string, so that any server of static files will do:
 *
 *   ?q=水库&title=砚川日报&from=2025-09-01&sort=newest     search
 *   ?article=ID&q=水库                                     one article, the words still marked
 *   ?issue=ID&page=3                                       one issue, from a page on
 *   ?date=2025-09-16&title=砚川日报                        an issue by its day and title
 *   ?issues&title=砚川日报                                 the list of issues
 *
 * @typedef {{q: string, title: string[], section: string[], kind: string[], person: string[], place: string[],
 *   from: string, to: string, sort: Sort, page: number}} Search
 * @typedef {'relevance' | 'newest' | 'oldest'} Sort
 * @typedef {{view: 'search', search: Search} | {view: 'article', id: string, q: string}
 *   | {view: 'issue', id: string, page: number} | {view: 'day', date: string, title: string}
 *   | {view: 'issues', title: string, page: number}} Route
 */

/** Lists of a search, and the fields of a document that they choose from. */
export const FACETS = { title: 'publication', section: 'section', kind: 'kind', person: 'people', place: 'places' };

const SORTS = ['relevance', 'newest', 'oldest'];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** @returns {Search} */
export function emptySearch() {
  return { q: '', title: [], section: [], kind: [], person: [], place: [], from: '', to: '', sort: 'relevance', page: 1 };
}

/**
 * What an address shows. What it does not understand it passes over: an old link still shows something.
 * @param {string} text the query string
 * @returns {Route}
 */
export function parse(text) {
  const given = new URLSearchParams(text);
  const one = (name) => given.get(name)?.trim() ?? '';
  const day = (name) => (DAY.test(one(name)) ? one(name) : '');
  const page = /^[1-9]\d{0,4}$/.test(one('page')) ? Number(one('page')) : 1;
  if (one('article')) return { view: 'article', id: one('article'), q: one('q') };
  if (one('issue')) return { view: 'issue', id: one('issue'), page };
  if (day('date')) return { view: 'day', date: day('date'), title: one('title') };
  if (given.has('issues')) return { view: 'issues', title: one('title'), page };
  const lists = Object.keys(FACETS).map((name) => [name, [...new Set(given.getAll(name).filter(Boolean))]]);
  const sort = SORTS.includes(one('sort')) ? one('sort') : 'relevance';
  const search = { ...emptySearch(), ...Object.fromEntries(lists), q: one('q'), sort, page };
  return { view: 'search', search: { ...search, from: day('from'), to: day('to') } };
}

/**
 * The address that shows it: `?…`, or `./` where nothing is asked for.
 * @param {Route} route
 */
export function format(route) {
  const out = new URLSearchParams();
  const add = (name, value) => value && out.append(name, value);
  switch (route.view) {
    case 'article':
      add('article', route.id);
      add('q', route.q);
      break;
    case 'issue':
      add('issue', route.id);
      if (route.page > 1) add('page', String(route.page));
      break;
    case 'day':
      add('date', route.date);
      add('title', route.title);
      break;
    case 'issues':
      out.append('issues', '');
      add('title', route.title);
      if (route.page > 1) add('page', String(route.page));
      break;
    default: {
      const { search } = route;
      add('q', search.q);
      for (const name of Object.keys(FACETS)) search[name].forEach((value) => add(name, value));
      add('from', search.from);
      add('to', search.to);
      if (search.sort !== 'relevance') add('sort', search.sort);
      if (search.page > 1) add('page', String(search.page));
    }
  }
  const text = out.toString().replace(/^issues=/, 'issues');
  return text ? `?${text}` : './';
}

/**
 * The address of a search for one thing.
 * @param {Partial<Search>} search
 */
export function searchAddress(search) {
  return format({ view: 'search', search: { ...emptySearch(), ...search } });
}
