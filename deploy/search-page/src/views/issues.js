/** The list of issues, by month, of one title or of all. */
import { h } from '../dom.js';
import { understood } from '../engine.js';
import { format } from '../route.js';
import { failure, message, skeleton } from './states.js';

/**
 * @param {import('../app.js').Context} context
 * @returns {import('../app.js').View}
 */
export function createIssuesView(context) {
  const { words, engine } = context;
  const { t } = words;
  const element = h('div', { class: 'reading issues' });
  let latest = null;

  async function show(route) {
    latest = route;
    context.titled(t('issues'));
    element.replaceChildren(skeleton(words, 5));
    try {
      const found = await engine.issues(route.title, route.page);
      if (latest === route) element.replaceChildren(...list(found, route));
    } catch (error) {
      if (latest !== route) return;
      element.replaceChildren(h('h1', { class: 'unseen', tabindex: '-1' }, t('issues')), failure(words, understood(error), () => show(route)));
    }
  }

  function list({ issues, pages, titles }, route) {
    if (issues.length === 0) {
      return [message('h1', t(route.title ? 'goneIssue' : 'emptyArchive'), h('p', {}, t(route.title ? 'goneHint' : 'emptyArchiveHint')))];
    }
    const months = Map.groupBy(issues, (it) => it.date?.slice(0, 7) ?? '');
    const title = h('select', {
      'aria-label': t('chooseTitle'), class: 'quiet',
      onchange: () => context.go({ view: 'issues', title: title.value, page: 1 }),
    }, ['', ...titles].map((it) => h('option', { value: it, selected: it === route.title }, it || t('allTitles'))));
    const turn = (page, name, text) => page >= 1 && page <= pages && h('a', { class: name, href: format({ ...route, page }) }, t(text));
    return [
      h('div', { class: 'issues-head' }, h('h1', { tabindex: '-1' }, route.title ? t('issuesOf', { title: route.title }) : t('issues')), titles.length > 1 && title),
      ...[...months].map(([month, list]) => h('section', { class: 'month' },
        h('h2', {}, month ? words.period(month) : t('unknownDate')),
        h('ul', {}, list.map((it) => h('li', {}, h('a', { href: format({ view: 'issue', id: it.issue_id, page: 1 }) },
          h('span', { class: 'issue-title', lang: 'zh' }, it.publication ?? t('unknownTitle')),
          it.date && h('time', { datetime: it.date }, words.longDate(it.date)),
          h('span', { class: 'dim' }, [it.edition, t('articles', { n: it.articles })].filter(Boolean).join(' · ')))))))),
      pages > 1 && h('nav', { class: 'turn', 'aria-label': t('pages') }, turn(route.page - 1, 'before', 'previous'), turn(route.page + 1, 'next', 'next')),
    ].filter(Boolean);
  }

  return {
    element,
    show,
    hide() {
      latest = null;
    },
    key(key) {
      if (key !== 'Escape') return false;
      context.back();
      return true;
    },
  };
}
