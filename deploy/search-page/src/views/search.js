/** Search: what is typed and chosen, the list of what was found, kept in step with the address. */
import instantsearch from 'instantsearch.js/es';
import connectPagination from 'instantsearch.js/es/connectors/pagination/connectPagination';
import connectSearchBox from 'instantsearch.js/es/connectors/search-box/connectSearchBox';
import connectSortBy from 'instantsearch.js/es/connectors/sort-by/connectSortBy';
import configure from 'instantsearch.js/es/widgets/configure/configure';
import { fill, h } from '../dom.js';
import { HIT, understood } from '../engine.js';
import { emptySearch, FACETS } from '../route.js';
import { dates } from './dates.js';
import { facet } from './facet.js';
import { hitList } from './hits.js';
import { failure, skeleton } from './states.js';

const HITS_ON_A_PAGE = 15;

/**
 * @param {import('../app.js').Context} context
 * @param {ReturnType<import('../shell.js').createShell>} shell
 * @returns {import('../app.js').View}
 */
export function createSearchView(context, shell) {
  const { words, engine, index } = context;
  const { t } = words;
  const sorts = { relevance: index, newest: `${index}:date_number:desc`, oldest: `${index}:date_number:asc` };

  const count = h('p', { role: 'status', class: 'count' });
  const relaxed = h('p', { class: 'note' });
  const trouble = h('div', { 'aria-live': 'assertive' });
  const list = hitList(context);
  const clear = h('button', { type: 'button', class: 'link', onclick: () => choose({ ...emptySearch(), q: now().q, sort: now().sort }) }, t('clearFilters'));
  const chips = h('ul', { class: 'chips', 'aria-label': t('filters') });
  const sort = h('select', { class: 'quiet', 'aria-label': t('sort'), onchange: () => choose({ ...now(), sort: sort.value, page: 1 }) },
    Object.keys(sorts).map((name) => h('option', { value: name }, t(name))));
  const range = dates(context);
  const facets = Object.entries(FACETS).map(([name, attribute]) => facet(context, name, attribute));
  const panel = h('div', { id: 'filters', class: 'filters-panel' }, facets[0].element, range.element, facets.slice(1).map((it) => it.element));
  const open = h('button', {
    type: 'button', class: 'button narrow-only', 'aria-expanded': 'false', 'aria-controls': 'filters',
    onclick: () => open.setAttribute('aria-expanded', String(panel.classList.toggle('open'))),
  });
  const element = h('div', { class: 'search-view' },
    h('h1', { class: 'unseen', tabindex: '-1' }, t('search')),
    h('section', { class: 'filters', 'aria-label': t('filters') }, open, panel),
    h('section', { class: 'results', 'aria-label': t('results') },
      h('div', { class: 'results-head' }, count, sort), chips, trouble, relaxed, list.element));
  list.element.replaceChildren(skeleton(words, 4));

  /** @type {import('instantsearch.js').InstantSearch | null} */
  let search = null;
  /** While the state is taken from the address, it is not written back to it. */
  let reading = false;
  /** Whether the query in the address is one the reader has settled on: then typing on makes a new entry. */
  let settled = true;
  let place = 0;
  /** The results that were there when a search failed. */
  let before = null;

  const toState = (it) => ({
    [index]: {
      query: it.q,
      page: it.page,
      sortBy: sorts[it.sort],
      refinementList: Object.fromEntries(Object.entries(FACETS).map(([name, attribute]) => [attribute, it[name]])),
      dates: { from: it.from, to: it.to },
    },
  });
  const fromState = ({ [index]: state = {} }) => ({
    ...emptySearch(),
    ...Object.fromEntries(Object.entries(FACETS).map(([name, attribute]) => [name, state.refinementList?.[attribute] ?? []])),
    q: state.query ?? '',
    page: state.page ?? 1,
    sort: Object.keys(sorts).find((name) => sorts[name] === state.sortBy) ?? 'relevance',
    from: state.dates?.from ?? '',
    to: state.dates?.to ?? '',
  });
  const now = () => fromState(search.getUiState());
  const choose = (wanted) => search.setUiState(toState(wanted));

  function begin(wanted) {
    search = instantsearch({
      indexName: index,
      searchClient: engine.searchClient,
      initialUiState: toState(wanted),
      insights: false,
      onStateChange({ uiState, setUiState }) {
        const before = now();
        setUiState(uiState);
        if (!reading) written(before, fromState(uiState));
      },
    });
    search.addWidgets([
      configure({ ...HIT, hitsPerPage: HITS_ON_A_PAGE }),
      // Without markup of their own: they make query, page and order part of the state.
      connectSearchBox(() => {})({}),
      connectPagination(() => {})({}),
      connectSortBy(() => {})({ items: Object.values(sorts).map((value) => ({ value, label: value })) }),
      ...facets.map((it) => it.widget),
      range.widget,
    ]);
    search.on('render', render);
    search.on('error', ({ error }) => failed(error));
    search.start();
    engine.hasFacetSearch().then((has) => facets.forEach((it) => it.setSearchable(has)));
  }

  function written(before, after) {
    const typed = before.q !== after.q;
    context.note({ view: 'search', search: after }, typed && !settled);
    settled = !typed;
    context.titled(after.q);
  }

  /** What was found before stays: it can still be read. */
  function failed(error) {
    before = search.mainIndex.getResults();
    fill(trouble, failure(words, understood(error), () => search.refresh()));
    if (!before) fill(list.element);
    say('');
  }

  function render() {
    const { status } = search;
    const results = search.mainIndex.getResults();
    element.setAttribute('aria-busy', String(status === 'loading' || status === 'stalled'));
    element.classList.toggle('stalled', status === 'stalled');
    // InstantSearch renders again after a failure, with what it had.
    if (!results || status !== 'idle' || (trouble.firstChild && results === before)) return;
    trouble.replaceChildren();
    const asked = now();
    const raw = results._rawResults[0];
    say(t('count', { n: results.nbHits }));
    relaxed.textContent = raw.relaxed ? t('relaxed') : '';
    sort.value = asked.sort;
    filtersChanged(asked);
    list.show(results, asked, {
      clear: activeFilters(asked).length > 0 && clear.cloneNode(true),
      go: (page) => {
        choose({ ...now(), page });
        element.querySelector('h1').focus({ preventScroll: true });
        window.scrollTo(0, 0);
      },
      clearFilters: () => clear.click(),
    });
  }

  function say(text) {
    if (count.textContent !== text) count.textContent = text;
  }

  function activeFilters(asked) {
    const named = Object.keys(FACETS).flatMap((name) =>
      asked[name].map((value) => ({
        text: name === 'kind' ? t(`kind.${value}`) : value,
        without: { ...asked, page: 1, [name]: asked[name].filter((it) => it !== value) },
      })),
    );
    if (!asked.from && !asked.to) return named;
    const text = [asked.from, asked.to].map((day) => (day ? words.shortDate(day) : '')).join(' – ');
    return [...named, { text, without: { ...asked, page: 1, from: '', to: '' } }];
  }

  function filtersChanged(asked) {
    const active = activeFilters(asked);
    open.textContent = active.length ? t('filtersActive', { n: active.length }) : t('filters');
    fill(chips,
      active.map(({ text, without }) =>
        h('li', {}, h('button', {
          type: 'button', class: 'chip', 'data-key': text, 'aria-label': t('remove', { what: text }), onclick: () => choose(without),
        }, text, h('span', { 'aria-hidden': 'true' }, ' ×')))),
      active.length > 1 && h('li', {}, clear));
  }

  const typed = () => {
    if (!search || !element.isConnected) return;
    choose({ ...now(), q: shell.input.value.trim(), page: 1 });
  };
  const changed = () => {
    settled = true;
  };
  // While an input method composes, what is in the box is not yet what is meant.
  const composed = (event) => !event.isComposing && typed();
  shell.input.addEventListener('input', composed);
  shell.input.addEventListener('compositionend', typed);
  shell.input.addEventListener('change', changed);

  return {
    element,
    show({ search: wanted }) {
      if (shell.input.value.trim() !== wanted.q) shell.input.value = wanted.q;
      context.titled(wanted.q);
      if (!search) begin(wanted);
      else if (JSON.stringify(now()) !== JSON.stringify(wanted)) {
        reading = true;
        choose(wanted);
        reading = false;
      }
      window.scrollTo(0, place);
      list.focusOpened();
    },
    hide() {
      place = window.scrollY;
    },
    key: (key) => {
      if (key === 'Escape') shell.input.focus();
      return key === 'Escape' || list.key(key, shell.input);
    },
    dispose() {
      shell.input.removeEventListener('input', composed);
      shell.input.removeEventListener('compositionend', typed);
      shell.input.removeEventListener('change', changed);
      search?.dispose();
    },
  };
}
