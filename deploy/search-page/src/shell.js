/** What stands around every view: skip link, masthead, search box, choices, keyboard help. */
import { choices, THEMES } from './choices.js';
import { h } from './dom.js';
import { emptySearch } from './route.js';
import { LANGUAGES } from './strings.js';

/**
 * @param {object} needs
 * @param {import('./strings.js').Words} needs.words
 * @param {() => void} needs.restart makes the page anew, in another language
 * @param {boolean} needs.searching whether there is anything to search in
 * @param {import('./app.js').Context} [needs.context]
 */
export function createShell({ words, restart, searching, context }) {
  const { t } = words;
  choices.apply();

  const input = h('input', {
    type: 'search', id: 'q', name: 'q', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false',
    enterkeyhint: 'search', placeholder: t('searchHint'), 'aria-label': t('searchLabel'), 'aria-keyshortcuts': '/',
  });
  const box = h('form', { role: 'search', class: 'box', action: './' }, input,
    h('button', { type: 'submit', class: 'box-go' }, t('search')));
  const other = LANGUAGES.find((it) => it !== words.language);
  const language = h('button', {
    type: 'button', class: 'quiet', lang: other, 'data-key': 'language',
    onclick() {
      choices.setLanguage(other);
      restart();
      document.querySelector('[data-key=language]')?.focus();
    },
  }, t('language'));
  const theme = h('select', {
    'aria-label': t('theme'), class: 'quiet',
    onchange() {
      choices.setTheme(theme.value);
      choices.apply();
    },
  }, THEMES.map((it) => h('option', { value: it, selected: it === choices.theme() }, t(`theme${it[0].toUpperCase()}${it.slice(1)}`))));
  const issues = h('a', { href: '?issues', class: 'quiet' }, t('issues'));
  const help = helpDialog(words);
  const main = h('main', { id: 'main', tabindex: '-1' });
  const header = h('header', { class: 'masthead' },
    h('div', { class: 'masthead-line' },
      h('a', { href: './', class: 'wordmark' }, t('name')),
      h('nav', { class: 'choices', 'aria-label': t('name') }, searching && issues,
        h('button', { type: 'button', class: 'quiet wide-only', 'aria-haspopup': 'dialog', onclick: () => help.showModal() }, t('help')),
        theme, language)),
    searching && box);
  const notice = h('p', { class: 'notice', role: 'status', hidden: true });
  const skip = h('a', { href: '#main', class: 'skip', onclick: () => main.focus() }, t('skip'));

  box.addEventListener('submit', (event) => {
    event.preventDefault();
    context.go({ view: 'search', search: { ...emptySearch(), q: input.value.trim() } });
  });

  return {
    parts: [skip, header, notice, main, help],
    main,
    input,
    /** Says which of several engines did not answer, while that is so. */
    missed(urls) {
      notice.hidden = !urls.length;
      const text = urls.length ? t('missed', { engines: urls.map((url) => new URL(url).host).join(', ') }) : '';
      if (notice.textContent !== text) notice.textContent = text;
    },
    /** Whether something lies over the page that has the keyboard. */
    busy: () => help.open,
    current(route) {
      issues.toggleAttribute('aria-current', route.view === 'issues');
      if (route.view === 'article' && document.activeElement !== input) input.value = route.q;
    },
    /** What a key does where nothing is typed. */
    key(key) {
      if (key === '/') {
        input.focus();
        input.select();
      } else if (key === '?') help.showModal();
      else return false;
      return true;
    },
    /** What a key does inside the search box; elsewhere a key is what is typed. */
    typedKey(key, search, searchShown) {
      if (document.activeElement !== input) return false;
      if (key === 'Escape') {
        if (!input.value) input.blur();
        input.value = '';
        input.dispatchEvent(new Event('input', { bubbles: true }));
        return true;
      }
      return searchShown && key === 'ArrowDown' && search.key(key);
    },
    dispose() {
      help.close();
    },
  };
}

function helpDialog({ t }) {
  const row = (keys, name) => [h('dt', {}, keys.map((key) => h('kbd', {}, key))), h('dd', {}, t(name))];
  const dialog = h('dialog', { class: 'help', 'aria-labelledby': 'help-title' },
    h('h2', { id: 'help-title' }, t('help')),
    h('dl', {}, row(['/'], 'keySearch'), row(['↑', '↓'], 'keyMove'), row(['Enter'], 'keyOpen'), row(['←', '→'], 'keyTurn'),
      row(['Esc'], 'keyBack'), row(['?'], 'help')),
    h('button', { type: 'button', class: 'button', autofocus: true, onclick: () => dialog.close() }, t('close')));
  return dialog;
}
