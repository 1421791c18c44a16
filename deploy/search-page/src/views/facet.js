/** One facet: values with counts to choose from, found by typing where the engine can. */
import connectRefinementList from 'instantsearch.js/es/connectors/refinement-list/connectRefinementList';
import { fill, h } from '../dom.js';

const FEW = 6;
const MANY = 40;
/** Fewer values than this need no box to find them. */
const WORTH_SEARCHING = 6;

/**
 * @param {import('../app.js').Context} context
 * @param {string} name as in the address and in the words
 * @param {string} attribute the document's field
 */
export function facet({ words }, name, attribute) {
  const { t } = words;
  const label = name === 'kind' ? (value) => t(`kind.${value}`) : (value) => value;
  const values = h('ul', { class: 'values' });
  const find = h('input', { type: 'search', class: 'find', hidden: true, autocomplete: 'off', 'aria-label': t('facetSearch', { what: t(name) }) });
  find.placeholder = t('facetSearch', { what: t(name) });
  const more = h('button', { type: 'button', class: 'link', 'aria-expanded': 'false', hidden: true });
  const element = h('div', { role: 'group', 'aria-labelledby': `facet-${name}`, class: 'facet', 'data-facet': name, hidden: true },
    h('h2', { id: `facet-${name}` }, t(name)), find, values, more);
  let searchable = false;
  let last = null;

  function render(options) {
    last = options;
    const { items, refine, canToggleShowMore, isShowingMore, toggleShowMore, searchForItems, isFromSearch } = options;
    element.hidden = items.length === 0 && !isFromSearch;
    find.hidden = !searchable || name === 'kind' || !(isFromSearch || canToggleShowMore || items.length >= WORTH_SEARCHING);
    find.oninput = (event) => !event.isComposing && searchForItems(find.value);
    find.oncompositionend = () => searchForItems(find.value);
    find.onkeydown = (event) => {
      if (event.key !== 'Escape' || !find.value) return;
      event.stopPropagation();
      find.value = '';
      searchForItems('');
    };
    more.hidden = !canToggleShowMore || isFromSearch;
    more.textContent = t(isShowingMore ? 'less' : 'more');
    more.setAttribute('aria-expanded', String(isShowingMore));
    more.setAttribute('aria-label', `${t(isShowingMore ? 'less' : 'more')}: ${t(name)}`);
    more.onclick = toggleShowMore;
    fill(values,
      items.map(({ value, count, isRefined }) =>
        h('li', {}, h('label', {},
          h('input', { type: 'checkbox', 'data-key': `${name}:${value}`, checked: isRefined, onchange: () => refine(value) }),
          h('span', { class: 'value' }, label(value)),
          h('span', { class: 'number' }, words.number(count))))),
      items.length === 0 && h('li', { class: 'dim' }, t('noValues')));
  }

  return {
    element,
    widget: connectRefinementList(render)({
      attribute,
      operator: 'or',
      limit: FEW,
      showMore: true,
      showMoreLimit: MANY,
      sortBy: ['isRefined', 'count:desc', 'name:asc'],
      escapeFacetValues: false,
    }),
    setSearchable(has) {
      searchable = has;
      if (last?.items) render(last);
    },
  };
}
