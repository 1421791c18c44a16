/** The range of dates: a histogram whose bars can be chosen, and two days to type. */
import { buckets } from '../buckets.js';
import { fill, h } from '../dom.js';

const FIELD = 'date_number';
const WIDTH = 240;
const HEIGHT = 64;

const number = (day) => Number(day.replaceAll('-', ''));
const day = (of) => (of ? String(of).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3') : '');

/** @param {import('../app.js').Context} context */
export function dates({ words }) {
  const { t } = words;
  let helper = null;
  const from = h('input', { type: 'date', 'aria-label': `${t('date')}: ${t('from')}`, onchange: () => refine(from.value, to.value) });
  const to = h('input', { type: 'date', 'aria-label': `${t('date')}: ${t('to')}`, onchange: () => refine(from.value, to.value) });
  const bars = h('div', { class: 'bars', role: 'group', 'aria-label': t('histogram') });
  const ends = h('p', { class: 'ends', 'aria-hidden': 'true' });
  const any = h('button', { type: 'button', class: 'link', onclick: () => refine('', '') }, t('anyDate'));
  const element = h('div', { role: 'group', 'aria-labelledby': 'facet-date', class: 'facet', 'data-facet': 'date', hidden: true },
    h('h2', { id: 'facet-date' }, t('date')), bars, ends, h('div', { class: 'days' }, from, h('span', { 'aria-hidden': 'true' }, '–'), to), any);

  function refine(first, last) {
    // The days the other way round are a slip, not a wish to see nothing.
    const [low, high] = first && last && first > last ? [last, first] : [first, last];
    helper.setState(range(helper.state, { from: low, to: high })).setPage(0).search();
  }

  function render({ results, state }) {
    const chosen = chosenIn(state);
    const found = buckets(results?._rawResults[0].facets ?? {});
    element.hidden = found.length === 0 && !chosen.from && !chosen.to;
    from.value = chosen.from;
    to.value = chosen.to;
    any.hidden = !chosen.from && !chosen.to;
    const most = Math.max(1, ...found.map((it) => it.count));
    fill(bars, found.map((bucket) => bar(bucket, most, found.length)));
    fill(ends, found.length > 1 && [h('span', {}, words.period(found[0].label)), h('span', {}, words.period(found.at(-1).label))]);
  }

  function bar(bucket, most, all) {
    const name = t('bar', { label: words.period(bucket.label), n: bucket.count });
    // A bar stays visible however few it counts; only a nought is flat.
    const height = bucket.count ? Math.max(4, Math.round((bucket.count / most) * HEIGHT)) : 1;
    return h('button', {
      type: 'button', class: 'bar', title: name, 'aria-label': name, 'data-key': `bar:${bucket.label}`, disabled: bucket.count === 0,
      onclick: () => refine(bucket.from, bucket.to),
    }, h('svg:svg', { viewBox: `0 0 ${WIDTH / all} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      h('svg:rect', { x: 0, y: HEIGHT - height, width: WIDTH / all, height })));
  }

  return {
    element,
    widget: {
      $$type: 'pressline.dates',
      init(options) {
        helper = options.helper;
      },
      render,
      getWidgetUiState: (uiState, { searchParameters }) => ({ ...uiState, dates: chosenIn(searchParameters) }),
      getWidgetSearchParameters: (parameters, { uiState }) =>
        range([FIELD, 'year_month', 'year'].reduce((all, name) => all.addFacet(name), parameters), uiState.dates ?? {}),
      dispose: ({ state }) => range(state, {}),
    },
  };
}

function range(parameters, { from, to }) {
  let next = parameters.removeNumericRefinement(FIELD);
  if (from) next = next.addNumericRefinement(FIELD, '>=', number(from));
  if (to) next = next.addNumericRefinement(FIELD, '<=', number(to));
  return next;
}

function chosenIn(parameters) {
  const found = parameters.getNumericRefinements(FIELD);
  return { from: day(found['>=']?.[0]), to: day(found['<=']?.[0]) };
}
