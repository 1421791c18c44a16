/**
 * What is highlighted, and snippets. Pure.
 *
 * The engine marks the words it matched by. Where it found an article by a word inside a word it has nothing to mark in
 * the text, so the query's words are looked for in the text as well; both kinds of marks are joined.
 */

/** Private-use characters: no text has them, so nothing has to be escaped. */
export const OPEN = '\uE000';
export const CLOSE = '\uE001';

/** @typedef {[number, number]} Range from, to (exclusive), in UTF-16 units */

/**
 * The engine's marked text, taken apart.
 * @param {string} marked
 * @returns {{text: string, ranges: Range[]}}
 */
export function unmark(marked) {
  const ranges = [];
  let text = '';
  let from = -1;
  for (const part of marked.split(/([\uE000\uE001])/)) {
    if (part === OPEN) from = text.length;
    else if (part === CLOSE) {
      if (from >= 0 && text.length > from) ranges.push([from, text.length]);
      from = -1;
    } else text += part;
  }
  return { text, ranges };
}

/**
 * Where the needles stand in the text.
 * @param {string} text
 * @param {string[]} needles
 * @param {(text: string) => string} fold makes what counts as equal equal, and keeps the length
 * @returns {Range[]}
 */
export function occurrences(text, needles, fold = (it) => it) {
  const folded = fold(text).toLowerCase();
  // A few letters change their length with their case: positions would be wrong.
  const hay = folded.length === text.length ? folded : text;
  const found = [];
  for (const needle of needles.map((it) => fold(it).toLowerCase()).filter(Boolean)) {
    for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) {
      found.push([at, at + needle.length]);
    }
  }
  return found;
}

/**
 * Ranges in order, those that touch made one.
 * @param {Range[]} ranges
 * @returns {Range[]}
 */
export function join(ranges) {
  const joined = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/**
 * A piece of the text with its marks.
 * @param {string} text
 * @param {Range[]} ranges joined
 * @param {Range} [part]
 * @returns {{text: string, hit: boolean}[]}
 */
export function pieces(text, ranges, [from, to] = [0, text.length]) {
  const found = [];
  let at = from;
  for (const range of ranges) {
    const start = Math.max(range[0], from);
    const end = Math.min(range[1], to);
    if (start >= end) continue;
    if (start > at) found.push({ text: text.slice(at, start), hit: false });
    found.push({ text: text.slice(start, end), hit: true });
    at = end;
  }
  if (at < to) found.push({ text: text.slice(at, to), hit: false });
  return found;
}

const SENTENCE_END = /[。!?;\n!?;]/;

/**
 * The part of a text to show in a list: where most marks are, from the beginning of a sentence if one is near.
 * @param {string} text
 * @param {Range[]} ranges joined
 * @param {number} length
 * @returns {Range}
 */
export function window(text, ranges, length) {
  if (text.length <= length) return [0, text.length];
  let best = { from: 0, weight: -1 };
  for (const [start] of ranges) {
    const from = Math.max(0, Math.min(sentenceStart(text, start, length / 3), text.length - length));
    const inside = ranges.filter((range) => range[0] >= from && range[1] <= from + length);
    const weight = inside.reduce((sum, [a, b]) => sum + b - a, 0);
    if (weight > best.weight) best = { from, weight };
  }
  const from = text.charCodeAt(best.from) >>> 10 === 0x37 ? best.from + 1 : best.from;
  let to = Math.min(text.length, from + length);
  // Not through the middle of a character that takes two units.
  if (text.charCodeAt(to - 1) >>> 10 === 0x36) to += 1;
  return [from, to];
}

function sentenceStart(text, at, reach) {
  for (let back = at; back > 0 && at - back < reach; back -= 1) {
    if (SENTENCE_END.test(text[back - 1])) return back;
  }
  return at < reach ? 0 : at - Math.floor(reach / 2);
}
