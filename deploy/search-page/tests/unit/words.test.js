import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { check } from '../../src/config.js';
import { keys, LANGUAGES, words } from '../../src/strings.js';
import { missingPages } from '../../src/views/issue.js';

test('every language has every text, and every text that is asked for is there', () => {
  const all = LANGUAGES.map((language) => new Set(keys(language)));
  const many = (set) => [...set].filter((key) => !key.endsWith('1')).toSorted();
  assert.deepEqual(many(all[0]), many(all[1]));
  const source = readdirSync(new URL('../../src/', import.meta.url), { recursive: true }).filter((name) => name.endsWith('.js'));
  for (const name of source) {
    const text = readFileSync(new URL(`../../src/${name}`, import.meta.url), 'utf8');
    for (const [, key] of text.matchAll(/\bt\('([\w.]+)'/g)) assert.ok(all[0].has(key), `${name}: ${key}`);
  }
});

test('one is told from many where the language does', () => {
  assert.equal(words('en').t('count', { n: 1 }), '1 article');
  assert.equal(words('en').t('count', { n: 1234 }), '1,234 articles');
  assert.equal(words('zh-Hans').t('count', { n: 1 }), '1 篇文章');
});

test('dates do not shift with the time zone', () => {
  assert.match(words('en').longDate('2025-03-08'), /Saturday.*8|8.*Saturday/);
  assert.equal(words('zh-Hans').period('2025-03'), '2025年3月');
});

test('a configuration that cannot work says which key is wrong', () => {
  assert.deepEqual(check({ url: 'http://127.0.0.1:7700/' }), { config: { urls: ['http://127.0.0.1:7700'], index: 'articles', key: '' } });
  assert.deepEqual(check({ urls: ['http://a/', 'http://b'] }).config?.urls, ['http://a', 'http://b']);
  for (const [json, key] of [[{}, 'url'], [null, 'url'], [{ url: 'file:///x' }, 'url'], [{ urls: [] }, 'urls'], [{ url: 'http://h', index: 'a/b' }, 'index'], [{ url: 'http://h', key: 1 }, 'key']]) {
    assert.equal(check(json).problem, `config.json: ${key}`);
  }
});

test('a page that nothing was read from is missing if another page or a jump is behind it', () => {
  assert.deepEqual(missingPages([{ page: 1, continues_on_page: 4 }, { page: 3 }]), [2, 4]);
  assert.deepEqual(missingPages([{ page: 1, pages: [1, 3], continues_on_page: 3 }]), [2]);
  assert.deepEqual(missingPages([{}]), []);
});
