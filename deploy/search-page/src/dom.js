/** Building elements: text is always text, never markup. */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An element. `on…` attributes are listeners; false, null and undefined leave an attribute or a child out.
 * @param {string} tag `svg:rect` makes an SVG element
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | number | false | null | undefined | unknown[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = tag.startsWith('svg:')
    ? document.createElementNS(SVG, tag.slice(4))
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/**
 * Puts new children into an element; what had the focus has it again where a child of the same `data-key` is there.
 * @param {Element} element
 * @param {...(Node | string | false | null | undefined | unknown[])} children
 */
export function fill(element, ...children) {
  const active = document.activeElement;
  const key = element.contains(active) ? active.getAttribute('data-key') : null;
  element.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key) element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

/**
 * Pieces of text, the marked ones in <mark>.
 * @param {{text: string, hit: boolean}[]} pieces
 */
export function marked(pieces) {
  return pieces.map(({ text, hit }) => (hit ? h('mark', {}, text) : text));
}
