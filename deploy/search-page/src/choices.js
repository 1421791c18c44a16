/** What the reader chose: language and appearance. Kept in the browser; without it, the browser's own wishes hold. */
import { LANGUAGES } from './strings.js';

export const THEMES = ['auto', 'light', 'dark'];

function read(name, allowed) {
  try {
    const value = localStorage.getItem(`pressline.${name}`);
    return allowed.includes(value) ? value : null;
  } catch {
    // Storage may be forbidden; then a choice lasts as long as the page.
    return null;
  }
}

function write(name, value) {
  chosen[name] = value;
  try {
    localStorage.setItem(`pressline.${name}`, value);
  } catch {
    // As above.
  }
}

const chosen = { language: read('language', LANGUAGES), theme: read('theme', THEMES) };

export const choices = {
  /** @returns {import('./strings.js').Language} */
  language() {
    return chosen.language ?? (navigator.languages.some((it) => /^zh\b/i.test(it)) ? 'zh-Hans' : 'en');
  },
  theme: () => chosen.theme ?? 'auto',
  setLanguage: (language) => write('language', language),
  setTheme: (theme) => write('theme', theme),
  /** Puts the choices on the document: before the first paint, and after each change. */
  apply() {
    document.documentElement.lang = choices.language();
    document.documentElement.dataset.theme = choices.theme();
  },
};

choices.apply();
