/**
 * What is done to a query before it is sent. Searching without it works, too: it takes away what a keyboard or an input
 * method puts in the way. The same rules stand in Rust beside the indexer; both are tested with one table,
 * `services/indexer/tests/query-vectors.json`, which lists them:
 *
 * 1. Control characters become spaces.
 * 2. Full-width letters, digits and signs become their ASCII forms, every white space a space, circles the numeral 〇.
 * 3. Curly quotes, corner brackets and guillemets become double quotes; an odd last one is dropped.
 * 4. A dash of any kind at the beginning of a word is a minus: the word is excluded.
 * 5. Traditional characters become simplified ones.
 * 6. An excluded word with Han characters is put into quotes, or the server would exclude its first part only. A minus
 *    that stands alone is dropped. Inside quotes nothing is an exclusion.
 * 7. Runs of spaces become one.
 *
 * A prepared query, prepared again, is itself.
 */

const HAN = /\p{Script=Han}/u;
const QUOTES = /[“”„‟«»「」『』]/g;
const MINUS = /^[-–—―−‐‑]+/;

/** @type {((text: string) => string) | undefined} */
let simplify;
/** @type {Map<string, string>} */
const simplified = new Map();

/** The table of characters is large, and of use for Han text only. */
async function loadTable() {
  if (simplify) return;
  try {
    const { Converter } = await import('opencc-js/t2cn');
    simplify = Converter({ from: 't', to: 'cn' });
  } catch {
    // Not to be had just now: the query goes without it, and the next one asks again.
  }
}

/**
 * @param {string} query as typed
 * @returns {Promise<string>} as it is sent
 */
export async function prepare(query) {
  if (HAN.test(query)) await loadTable();
  const words = parts(simplify ? simplify(plain(query)) : plain(query)).map(({ text, phrase, excluded, space }) => {
    const quoted = phrase || (excluded && HAN.test(text)) ? `"${text}"` : text;
    return (space ? ' ' : '') + (excluded ? '-' : '') + quoted;
  });
  return words.join('').trim();
}

/**
 * The words and phrases that are searched for, to be marked in a text.
 * @param {string} query as typed
 */
export function terms(query) {
  return parts(plain(query)).filter((part) => !part.excluded && part.text.trim()).map((part) => part.text);
}

/**
 * A text in simplified characters, each in its place; as it is while no query needed the table.
 * @param {string} text
 */
export function folded(text) {
  if (!simplify) return text;
  return Array.from(text, (character) => {
    let found = simplified.get(character);
    if (found === undefined) {
      found = HAN.test(character) ? simplify(character) : character;
      // A place must stay a place.
      if (found.length !== character.length) found = character;
      simplified.set(character, found);
    }
    return found;
  }).join('');
}

/** Rules 1 to 3 and 7. */
function plain(query) {
  const text = query
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[○◯]/g, '〇')
    .replace(QUOTES, '"')
    .trim();
  const odd = text.split('"').length % 2 === 0;
  return odd ? text.replace(/"(?=[^"]*$)/, '') : text;
}

/**
 * Words and phrases, and whether they are excluded: rules 4 and 6.
 * @param {string} text
 * @returns {{text: string, phrase: boolean, excluded: boolean, space: boolean}[]} `space`: stands behind one
 */
function parts(text) {
  const tokens = text.match(/"[^"]*"|[^"\s]+|\s+/g) ?? [];
  const found = [];
  let minus = false;
  let space = true;
  for (const token of tokens) {
    if (!token.trim()) {
      space = true;
      minus = false;
    } else if (token.startsWith('"')) {
      found.push({ text: token.slice(1, -1), phrase: true, excluded: minus, space: space || minus });
      space = minus = false;
    } else {
      minus = space && MINUS.test(token);
      const word = minus ? token.replace(MINUS, '') : token;
      if (word) found.push({ text: word, phrase: false, excluded: minus, space });
      // What is quoted behind an excluded word is another word.
      if (word && minus) space = true;
      else if (word) space = false;
      if (word) minus = false;
    }
  }
  return found;
}
