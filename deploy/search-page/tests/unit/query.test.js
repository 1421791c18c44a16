import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { folded, prepare, terms } from '../../src/query.js';

const TABLE = new URL('../../../../services/indexer/tests/query-vectors.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(TABLE, 'utf8'));

test('a text is left alone until a query needs the table of characters', () => {
  assert.equal(folded('總工會'), '總工會');
});

test('the table that the Rust side is tested with holds here', async () => {
  assert.ok(vectors.length > 30);
  for (const { query, prepared, why } of vectors) assert.equal(await prepare(query), prepared, why);
});

test('a prepared query stays as it is', async () => {
  for (const { prepared } of vectors) assert.equal(await prepare(prepared), prepared);
});

test('what is marked is what is searched for', () => {
  assert.deepEqual(terms('“渡船 复航” 港口 -停航 －"风 浪" ５Ｇ'), ['渡船 复航', '港口', '5G']);
  assert.deepEqual(terms(' - "" '), []);
});

test('a folded text is as long as the text', async () => {
  await prepare('總');
  assert.equal(folded('總工會𠮷a'), '总工会𠮷a');
});
