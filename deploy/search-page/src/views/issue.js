/** One issue as a list: its articles by page and place, as a reader would turn it over. */
import { h } from '../dom.js';
import { understood } from '../engine.js';
import { format } from '../route.js';
import { jump } from './hits.js';
import { failure, message, skeleton } from './states.js';

/**
 * @param {import('../app.js').Context} context
 * @returns {import('../app.js').View}
 */
export function createIssueView(context) {
  const { words, engine } = context;
  const { t } = words;
  const element = h('div', { class: 'reading issue' });
  let latest = null;

  async function show(route) {
    latest = route;
    element.replaceChildren(skeleton(words, 5));
    element.setAttribute('aria-busy', 'true');
    try {
      const articles = route.view === 'issue' ? await engine.issue(route.id) : await engine.day(route.date, route.title);
      if (latest !== route) return;
      if (articles.length === 0) {
        context.titled(t('goneIssue'));
        element.replaceChildren(message('h1', t('goneIssue'), h('p', {}, t('goneHint')), h('a', { class: 'button', href: '?issues' }, t('issues'))));
        return;
      }
      const [{ publication, date }] = articles;
      const around = publication && date ? await engine.neighbours(publication, date) : {};
      if (latest !== route) return;
      element.replaceChildren(...byIssue(articles).flatMap((one, at) => page(one, around, at)));
      context.titled([publication ?? t('unknownTitle'), date].filter(Boolean).join(' '));
      if (route.page > 1) element.querySelector(`[data-page="${route.page}"]`)?.scrollIntoView();
    } catch (error) {
      if (latest !== route) return;
      element.replaceChildren(h('h1', { class: 'unseen', tabindex: '-1' }, t('issues')), failure(words, understood(error), () => show(route)));
    } finally {
      if (latest === route) element.removeAttribute('aria-busy');
    }
  }

  function page(articles, around, at) {
    const [first] = articles;
    const lang = first.language ?? 'zh';
    const pages = Map.groupBy(articles, (it) => it.page ?? 0);
    const missing = missingPages(articles);
    return [
      h('header', { class: 'nameplate' },
        h(at === 0 ? 'h1' : 'h2', { tabindex: '-1', lang }, first.publication ?? h('span', { lang: words.language }, t('unknownTitle'))),
        h('p', {}, [
          first.date ? h('time', { datetime: first.date }, words.longDate(first.date)) : t('unknownDate'),
          first.edition, first.issue_number && t('issueNumber', { n: String(first.issue_number) }), t('issueArticles', { n: articles.length }),
        ].filter(Boolean).map((it) => h('span', {}, it)))),
      h('nav', { class: 'page-list', 'aria-label': t('pagesSeen') },
        [...pages.keys()].map((number) => h('button', {
          type: 'button', class: 'chip', onclick: () => goTo(number, first.issue_id),
        }, number ? t('page', { n: number }) : t('noPage'))),
        missing.length > 0 && h('span', { class: 'note' }, t('pagesMissing', { pages: missing.join(t('listSeparator')) }))),
      ...[...pages].map(([number, list]) => h('section', { class: 'newspaper-page', 'data-page': number, 'data-issue': first.issue_id, tabindex: '-1', 'aria-label': number ? t('page', { n: number }) : t('noPage') },
        h('h2', {}, number ? t('page', { n: number }) : t('noPage'), commonSection(list) && h('span', { lang }, commonSection(list))),
        h('ol', {}, list.map(entry)))),
      at === 0 && h('nav', { class: 'turn', 'aria-label': t('issues') },
        turn(around.before, 'before', 'previousIssue'), h('a', { href: format({ view: 'issues', title: first.publication ?? '', page: 1 }), class: 'whole' }, t('issues')),
        turn(around.after, 'next', 'nextIssue')),
    ].filter(Boolean);
  }

  function goTo(number, issue) {
    const section = element.querySelector(`[data-page="${number}"][data-issue="${CSS.escape(issue)}"]`);
    section.scrollIntoView();
    section.focus({ preventScroll: true });
  }

  function turn(issue, name, text) {
    return issue && h('a', { href: format({ view: 'issue', id: issue.issue_id, page: 1 }), class: name, rel: name === 'before' ? 'prev' : 'next' },
      h('span', { class: 'dim' }, t(text)), h('span', {}, words.shortDate(issue.date)));
  }

  function entry(it) {
    const lang = it.language ?? 'zh';
    const warnings = it.warnings?.length ?? 0;
    const more = [it.kind !== 'news' && t(`kind.${it.kind}`), it.section, jump(it, 'continues_on_page') && t('continues', { n: it.continues_on_page }),
      jump(it, 'continued_from_page') && t('continued', { n: it.continued_from_page })].filter(Boolean);
    return h('li', { class: `entry kind-${it.kind}` },
      it.kicker && h('p', { class: 'kicker', lang }, it.kicker),
      h('h3', { lang }, h('a', { href: format({ view: 'article', id: it.article_id, q: '' }) }, it.headline ?? h('span', { class: 'dim', lang: words.language }, t('untitled')))),
      it.deck && h('p', { class: 'deck', lang }, it.deck),
      it._formatted?.body && h('p', { class: 'snippet', lang }, it._formatted.body),
      (more.length > 0 || warnings > 0) && h('p', { class: 'meta' }, more.map((text) => h('span', {}, text)),
        warnings > 0 && h('span', { class: 'warned' }, `${t('forEditors')} ${warnings}`)));
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

/** A day may have several issues: of several titles, or editions. */
function byIssue(articles) {
  return [...Map.groupBy(articles, (it) => it.issue_id).values()];
}

/**
 * Pages between the first and the last that anything was read from or that a jump names, and that nothing was read from.
 * @param {{page?: number, pages?: number[], continues_on_page?: number, continued_from_page?: number}[]} articles
 * @returns {number[]}
 */
export function missingPages(articles) {
  const seen = new Set(articles.flatMap((it) => [it.page, ...(it.pages ?? [])]).filter(Boolean));
  if (seen.size === 0) return [];
  const named = articles.flatMap((it) => [it.continues_on_page, it.continued_from_page]).filter(Boolean);
  const last = Math.max(...seen, ...named);
  return Array.from({ length: last }, (_, at) => at + 1).filter((page) => !seen.has(page));
}

function commonSection(articles) {
  const sections = new Set(articles.map((it) => it.section));
  return sections.size === 1 && articles.length > 1 ? [...sections][0] : undefined;
}
