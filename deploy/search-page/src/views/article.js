/** One article, as it was printed, with the words that were searched for still marked. */
import { h, marked } from '../dom.js';
import { understood } from '../engine.js';
import { join, occurrences, pieces, unmark } from '../marks.js';
import { folded, terms } from '../query.js';
import { format, searchAddress } from '../route.js';
import { jump, pagesOf } from './hits.js';
import { failure, message, skeleton } from './states.js';

const ROLES = ['reporter', 'correspondent', 'photographer', 'author', 'editor'];

/**
 * @param {import('../app.js').Context} context
 * @returns {import('../app.js').View}
 */
export function createArticleView(context) {
  const { words, engine } = context;
  const { t } = words;
  const element = h('div', { class: 'reading' });
  let latest = null;
  let around = {};

  async function show(route) {
    latest = route;
    around = {};
    element.replaceChildren(skeleton(words, 3));
    element.setAttribute('aria-busy', 'true');
    try {
      const found = await engine.article(route.id, route.q);
      if (latest !== route) return;
      element.replaceChildren(...(found ? page(found, route.q) : [gone()]));
      context.titled(found ? headline(found.article) : t('goneTitle'));
    } catch (error) {
      if (latest !== route) return;
      element.replaceChildren(h('h1', { class: 'unseen', tabindex: '-1' }, t('search')), failure(words, understood(error), () => show(route)));
    } finally {
      if (latest === route) element.removeAttribute('aria-busy');
    }
  }

  const gone = () => message('h1', t('goneTitle'), h('p', {}, t('goneHint')), h('a', { class: 'button', href: './' }, t('toSearch')));

  const headline = (it) => it.headline ?? t('untitled');

  function page({ article, issue }, q) {
    const needles = terms(q);
    const line = (text, formatted) => {
      const found = unmark(formatted ?? text);
      return marked(pieces(found.text, join([...found.ranges, ...occurrences(found.text, needles, folded)])));
    };
    const part = (name) => article[name] && line(article[name], article._formatted?.[name]);
    const lang = article.language ?? 'zh';
    const at = (number) => format({ view: 'issue', id: article.issue_id, page: number });
    const whole = at(1);
    around = neighbours(article, issue);

    return [
      h('div', { class: 'reading-bar' },
        h('button', { type: 'button', class: 'link', onclick: () => context.back() }, '← ', t(q ? 'toResults' : 'toSearch')),
        h('button', { type: 'button', class: 'link', onclick: () => window.print() }, t('print'))),
      h('article', { class: `article kind-${article.kind}`, lang },
        h('header', {},
          h('p', { class: 'where', lang: words.language },
            h('a', { href: whole, class: 'where-title', lang }, article.publication ?? t('unknownTitle')),
            h('span', {}, article.date ? h('time', { datetime: article.date }, words.longDate(article.date)) : t('unknownDate')),
            article.page && pagesOf(article).map((number) => h('a', { href: at(number) }, t('page', { n: number }))),
            article.kind !== 'news' && h('span', {}, t(`kind.${article.kind}`))),
          article.section && h('p', { class: 'section' }, h('a', { href: searchAddress({ section: [article.section] }) }, article.section)),
          article.kicker && h('p', { class: 'kicker' }, part('kicker')),
          h('h1', { tabindex: '-1' }, article.headline ? part('headline') : h('span', { class: 'dim', lang: words.language }, t('untitled'))),
          article.deck && h('p', { class: 'deck' }, part('deck')),
          byline(article)),
        half(article, issue, 'continued_from_page', 'continued'),
        h('div', { class: 'body' }, dateline(article), body(article, line)),
        article.body_cut && h('p', { class: 'note', lang: words.language }, t('cut')),
        half(article, issue, 'continues_on_page', 'continues'),
        article.source && h('p', { class: 'source' }, h('span', { lang: words.language }, `${t('source')} `), article.source)),
      h('footer', { class: 'after' }, named(article), editors(article), turn(whole)),
    ];
  }

  function byline(article) {
    const people = article.bylines ?? (article.byline ?? []).map((name) => ({ name }));
    const groups = [...ROLES, undefined].map((role) => [role, people.filter((it) => it.role === role)]);
    const shown = groups.filter(([, group]) => group.length).map(([role, group]) =>
      h('span', { class: 'by' }, role && h('span', { class: 'role', lang: words.language }, `${t(role)} `), group.map((it, at) => [
        at > 0 && t('listSeparator'), h('a', { href: searchAddress({ q: it.name }) }, it.name),
        it.organization && h('span', { class: 'dim' }, ` (${it.organization})`)])));
    return shown.length > 0 && h('p', { class: 'byline' }, shown);
  }

  function dateline(article) {
    const parts = [article.dateline_place, article.dateline_date && words.shortDate(article.dateline_date)].filter(Boolean);
    return parts.length > 0 && h('p', { class: 'dateline', lang: words.language }, `${t('dateline')} `, parts.join(' · '));
  }

  /** Paragraphs with the subheads that stand before them. */
  function body(article, line) {
    const paragraphs = (article.body ?? '').split('\n');
    const shown = (article._formatted?.body ?? '').split('\n');
    const heads = article.subheads ?? [];
    const before = article.subheads_before ?? [];
    const head = (at) => h('h2', {}, line(heads[at], article._formatted?.subheads?.[at]));
    const at = (place) => heads.flatMap((_, which) => ((before[which] ?? paragraphs.length) === place ? [head(which)] : []));
    return [...paragraphs.map((text, place) => [at(place), text && h('p', {}, line(text, shown[place]))]), at(paragraphs.length)];
  }

  /** To the article's other half, or to the page it is said to be on. */
  function half(article, issue, field, name) {
    const page = jump(article, field);
    if (!page) return null;
    const back = field === 'continues_on_page' ? 'continued_from_page' : 'continues_on_page';
    const halves = issue.filter((it) => it.page === page && it[back] === article.page);
    const other = halves.find((it) => it.headline === article.headline) ?? (halves.length === 1 ? halves[0] : null);
    const address = other ? to(other) : format({ view: 'issue', id: article.issue_id, page });
    return h('p', { class: 'jump', lang: words.language }, h('a', { href: address }, t(name, { n: page })));
  }

  function named(article) {
    const kinds = [['people', 'person'], ['places', 'place'], ['organizations', null], ['keywords', null]];
    const rows = kinds.filter(([field]) => article[field]?.length).map(([field, facet]) => [h('dt', {}, t(field)), h('dd', { lang: article.language ?? 'zh' },
      article[field].map((value) => [h('a', { href: searchAddress(facet ? { [facet]: [value] } : { q: value }) }, value), ' ']))]);
    return rows.length > 0 && h('section', { class: 'named', 'aria-label': t('named') }, h('dl', {}, rows));
  }

  function editors(article) {
    const warnings = article.warnings ?? [];
    const sure = Math.round((article.confidence ?? 0) * 100);
    return h('details', { class: 'editors', open: warnings.length > 0 }, h('summary', {}, t('forEditors')),
      warnings.length > 0 && h('ul', {}, warnings.map((code) => h('li', {}, words.has(`warning.${code}`) ? t(`warning.${code}`) : code))),
      h('p', { class: 'dim' }, t('confidence', { n: sure })), h('p', { class: 'dim' }, h('code', {}, article.article_id)));
  }

  function neighbours(article, issue) {
    const at = issue.findIndex((it) => it.article_id === article.article_id);
    return { before: issue[at - 1], after: at >= 0 ? issue[at + 1] : undefined };
  }

  const routeTo = (it) => ({ view: 'article', id: it.article_id, q: '' });
  const to = (it) => format(routeTo(it));

  function turn(whole) {
    const link = (it, name) => it && h('a', { href: to(it), class: name, rel: name === 'before' ? 'prev' : 'next' },
      h('span', { class: 'dim' }, t(name === 'before' ? 'previousArticle' : 'nextArticle')), h('span', { lang: it.language ?? 'zh' }, headline(it)));
    return h('nav', { class: 'turn', 'aria-label': t('neighbours') }, link(around.before, 'before'),
      h('a', { href: whole, class: 'whole' }, t('wholeIssue')), link(around.after, 'next'));
  }

  return {
    element,
    show,
    hide() {
      latest = null;
    },
    key(key) {
      if (key === 'Escape') context.back();
      else if (key === 'ArrowLeft' && around.before) context.go(routeTo(around.before));
      else if (key === 'ArrowRight' && around.after) context.go(routeTo(around.after));
      else return false;
      return true;
    },
  };
}
