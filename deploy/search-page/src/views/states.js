/** What is shown where there is nothing to show: loading, empty, and failures with what can be done about them. */
import { h } from '../dom.js';

/**
 * A message in place of content.
 * @param {'h1' | 'h2'} level `h1` where the message is all there is
 * @param {string} title
 * @param {...(Node | string | false)} more
 */
export function message(level, title, ...more) {
  return h('div', { class: 'state' }, h(level, { tabindex: level === 'h1' && '-1' }, title), ...more);
}

/**
 * A failure of the engine.
 * @param {import('../strings.js').Words} words
 * @param {import('../engine.js').EngineError} error
 * @param {() => void} retry
 */
export function failure({ t }, error, retry) {
  return h('div', { class: 'state failure', role: 'alert', 'data-failure': error.kind },
    h('h2', {}, t(`${error.kind}Title`)),
    h('p', {}, t(`${error.kind}Hint`, { reason: error.message })),
    h('button', { type: 'button', class: 'button', onclick: retry }, t('retry')));
}

/**
 * @param {import('../strings.js').Words} words
 * @param {string} problem
 */
export function noConfig({ t }, problem) {
  const sample = '{\n  "url": "http://127.0.0.1:7700",\n  "index": "articles",\n  "key": "…"\n}';
  return message('h1', t('configTitle'),
    h('p', {}, t('configHint')), h('pre', { tabindex: '0', 'aria-label': 'config.json' }, sample),
    h('p', { class: 'dim' }, t('configReason', { reason: problem })),
    h('button', { type: 'button', class: 'button', onclick: () => location.reload() }, t('retry')));
}

/** Grey lines where text will be; what is being done is said to those who do not see them. */
export function skeleton({ t }, rows) {
  return h('div', { class: 'skeleton', role: 'status' }, h('span', { class: 'unseen' }, t('loading')),
    Array.from({ length: rows }, () => h('div', { class: 'skeleton-row', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'))));
}
