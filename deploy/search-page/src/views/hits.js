/** The list of what was found, and moving through it. */
import { fill, h, marked } from '../dom.js';
import { join, occurrences, pieces, unmark, window as part } from '../marks.js';
import { folded, terms } from '../query.js';
import { format } from '../route.js';
import { message } from './states.js';

/** Characters of a snippet. */
const SNIPPET = 130;
/** Pages named on either side of the current one. */
const AROUND = 2;

/** @param {import('../app.js').Context} context */
export function hitList({ words }) {
  const { t } = words;
  const element = h('div', { class: 'found' });
  let opened = null;

  function hit(it, asked, needles) {
    const shown = (name) => {
      const { text, ranges } = unmark(it._highlightResult?.[name]?.value ?? it[name] ?? '');
      return { text, ranges: join([...ranges, ...occurrences(text, needles, folded)]) };
    };
    const line = (name) => {
      const { text, ranges } = shown(name);
      return marked(pieces(text, ranges));
    };
    const body = shown('body');
    const cut = part(body.text, body.ranges, SNIPPET);
    const lang = it.language ?? 'zh';
    const address = format({ view: 'article', id: it.article_id, q: asked.q });
    return h('li', {}, h('article', { class: `hit kind-${it.kind}`, 'data-id': it.article_id },
      it.kicker && h('p', { class: 'kicker', lang }, line('kicker')),
      h('h2', { lang }, h('a', { href: address, onclick: () => { opened = it.article_id; } },
        it.headline ? line('headline') : [h('span', { class: 'dim' }, t('untitled')), ' ', body.text.slice(0, 24)])),
      it.deck && h('p', { class: 'deck', lang }, line('deck')),
      body.text && h('p', { class: 'snippet', lang }, cut[0] > 0 && '…', marked(pieces(body.text, body.ranges, cut)), cut[1] < body.text.length && '…'),
      h('p', { class: 'meta' }, facts(words, it).map((fact) => h('span', {}, fact)))));
  }

  function hints(asked, clear) {
    const filtered = clear !== false;
    return message('h2', asked.q || filtered ? t('emptyTitle') : t('emptyArchive'),
      asked.q || filtered
        ? h('ul', {},
          asked.q.length > 2 && h('li', {}, t('hintFewer')),
          /["“”「『]/.test(asked.q) && h('li', {}, t('hintQuotes')),
          /(^|\s)-\S/.test(asked.q) && h('li', {}, t('hintNegative')),
          filtered && h('li', {}, t('hintFilters')))
        : h('p', {}, t('emptyArchiveHint')));
  }

  function pager(results, go) {
    const [page, pages] = [results.page, results.nbPages];
    if (pages < 2) return null;
    const numbers = [...new Set([0, ...Array.from({ length: 2 * AROUND + 1 }, (_, at) => page - AROUND + at), pages - 1])].filter((it) => it >= 0 && it < pages);
    const step = (to, text) => h('button', { type: 'button', class: 'button', 'data-key': text, disabled: to < 0 || to >= pages, onclick: () => go(to + 1) }, text);
    return h('nav', { class: 'pager', 'aria-label': t('pages') }, step(page - 1, t('previous')),
      h('ol', {}, numbers.map((it, at) => h('li', {},
        at > 0 && it - numbers[at - 1] > 1 && h('span', { class: 'dim', 'aria-hidden': 'true' }, '… '),
        h('button', { type: 'button', class: 'button', 'aria-label': t('pageOf', { n: it + 1 }), 'aria-current': it === page && 'page', onclick: () => go(it + 1) }, String(it + 1))))),
      step(page + 1, t('next')));
  }

  return {
    element,
    /**
     * @param {import('instantsearch.js').SearchResults} results
     * @param {import('../route.js').Search} asked
     * @param {{clear: Node | false, clearFilters: () => void, go: (page: number) => void}} does
     */
    show(results, asked, { clear, clearFilters, go }) {
      if (results.nbHits === 0) {
        const empty = hints(asked, clear);
        if (clear) empty.append(h('button', { type: 'button', class: 'button', onclick: clearFilters }, t('clearFilters')));
        return fill(element, empty);
      }
      const needles = terms(asked.q);
      const first = results.page * results.hitsPerPage + 1;
      fill(element, h('ol', { class: 'hits', start: first }, results.hits.map((it) => hit(it, asked, needles))), pager(results, go));
    },
    /** Arrows move; up from the first is the search box again. */
    key(key, input) {
      if (key !== 'ArrowDown' && key !== 'ArrowUp') return false;
      const links = [...element.querySelectorAll('.hit h2 a')];
      const at = links.indexOf(document.activeElement) + (key === 'ArrowDown' ? 1 : -1);
      if (at === -2) return false;
      const next = at < 0 ? input : links[at];
      next?.focus();
      next?.closest('li')?.scrollIntoView({ block: 'nearest' });
      return Boolean(next);
    },
    /** The article that was opened from here has the focus when the reader comes back. */
    focusOpened() {
      if (!opened) return;
      element.querySelector(`[data-id="${CSS.escape(opened)}"] h2 a`)?.focus({ preventScroll: true });
      opened = null;
    },
  };
}

/** The pages an article stands on. */
export function pagesOf(it) {
  return it.pages?.length ? it.pages : [it.page];
}

/** The page of the other half that the article names, if that half is not in it already. */
export function jump(it, field) {
  return it[field] && !pagesOf(it).includes(it[field]) ? it[field] : undefined;
}

/**
 * Where and when an article stood, who wrote it.
 * @param {import('../strings.js').Words} words
 */
export function facts({ t, shortDate }, it) {
  return [
    it.publication,
    it.date && shortDate(it.date),
    it.page && t('page', { n: pagesOf(it).join(t('listSeparator')) }),
    it.section,
    it.kind !== 'news' && t(`kind.${it.kind}`),
    it.byline?.slice(0, 3).join(t('listSeparator')),
  ].filter(Boolean);
}
