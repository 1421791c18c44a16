/** The page as a whole: which view is shown, and what moving between them does. */
import { connect } from './engine.js';
import { format, parse } from './route.js';
import { createShell } from './shell.js';
import { choices } from './choices.js';
import { words } from './strings.js';
import { createArticleView } from './views/article.js';
import { createIssueView } from './views/issue.js';
import { createIssuesView } from './views/issues.js';
import { createSearchView } from './views/search.js';
import { noConfig } from './views/states.js';

/**
 * What every view gets.
 * @typedef {object} Context
 * @property {import('./strings.js').Words} words
 * @property {import('./engine.js').Engine} engine
 * @property {string} index
 * @property {(route: import('./route.js').Route, replace?: boolean) => void} go shows a route and puts it in the address
 * @property {(route: import('./route.js').Route, replace?: boolean) => void} note puts in the address what is shown already
 * @property {() => void} back to where the reader came from
 * @property {(name: string) => void} titled names what is shown, for the window and for those who hear it
 */

/**
 * A view: an element and how it shows a route. It is made once and kept, so that going back is going back.
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {(route: any) => void | Promise<void>} show
 * @property {() => void} [hide]
 * @property {() => void} [dispose]
 * @property {(key: string) => boolean} [key] what a key does here; whether it did anything
 */

/**
 * @param {HTMLElement} root
 * @param {import('./config.js').Loaded} loaded
 */
export function start(root, { config, problem }) {
  const engine = config && connect(config);
  let stop = () => {};
  const restart = () => {
    stop();
    stop = config ? run(root, config, engine, restart) : refuse(root, problem, restart);
  };
  restart();
}

function refuse(root, problem, restart) {
  const language = words(choices.language());
  const shell = createShell({ words: language, restart, searching: false });
  shell.main.replaceChildren(noConfig(language, problem));
  root.replaceChildren(...shell.parts);
  document.title = language.t('name');
  return () => shell.dispose();
}

function run(root, config, engine, restart) {
  const language = words(choices.language());
  const { t } = language;
  /** How many entries of this page are behind the one shown: whether there is a way back within it. */
  const depth = () => history.state?.depth ?? 0;

  /** @type {Context} */
  const context = {
    words: language,
    engine,
    index: config.index,
    go(route, replace = false) {
      context.note(route, replace);
      show(route, true);
    },
    note(route, replace = false) {
      const address = format(route);
      if (replace) history.replaceState(history.state, '', address);
      else history.pushState({ depth: depth() + 1 }, '', address);
    },
    back() {
      if (depth() > 0) history.back();
      else context.go(parse(''));
    },
    titled(name) {
      document.title = name ? `${name} · ${t('name')}` : t('name');
    },
  };

  const shell = createShell({ words: language, restart, searching: true, context });
  engine.onMissed((missing) => shell.missed(missing));
  const search = createSearchView(context, shell);
  const issue = createIssueView(context);
  const views = { search, article: createArticleView(context), issue, day: issue, issues: createIssuesView(context) };
  /** @type {View | null} */
  let shown = null;

  function show(route, moved) {
    const view = views[route.view];
    if (view !== shown) {
      shown?.hide?.();
      shell.main.replaceChildren(view.element);
      shown = view;
    }
    shell.current(route);
    // The list keeps its own place; a page that is new to the reader begins at its top, and says what it is.
    const done = view.show(route);
    if (view !== search && moved) {
      window.scrollTo(0, 0);
      Promise.resolve(done).then(() => shown === view && view.element.querySelector('h1')?.focus({ preventScroll: true }));
    }
  }

  const followed = (event) => {
    const link = event.target.closest?.('a[href]');
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented || link.target || link.origin !== location.origin) return;
    if (link.pathname !== location.pathname || link.hash) return;
    event.preventDefault();
    context.go(parse(link.search));
  };
  const popped = () => show(parse(location.search), true);
  const pressed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || shell.busy()) return;
    const typing = event.target.closest?.('input:not([type=checkbox]), select, textarea');
    const done = typing ? shell.typedKey(event.key, search, shown === search) : shell.key(event.key) || shown?.key?.(event.key);
    if (done) event.preventDefault();
  };
  document.addEventListener('click', followed);
  window.addEventListener('popstate', popped);
  document.addEventListener('keydown', pressed);

  root.replaceChildren(...shell.parts);
  show(parse(location.search), false);
  return () => {
    document.removeEventListener('click', followed);
    window.removeEventListener('popstate', popped);
    document.removeEventListener('keydown', pressed);
    Object.values(views).forEach((view) => view.dispose?.());
    shell.dispose();
  };
}
