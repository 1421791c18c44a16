import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOSE, join, occurrences, OPEN, pieces, unmark, window } from '../../src/marks.js';

const shown = (text, ranges, part) => pieces(text, ranges, part).map(({ text, hit }) => (hit ? `[${text}]` : text)).join('');

test("the engine's marks come out as ranges of the bare text", () => {
  const { text, ranges } = unmark(`渡${OPEN}船${CLOSE}复${OPEN}航${CLOSE}${OPEN}${CLOSE}`);
  assert.equal(text, '渡船复航');
  assert.deepEqual(ranges, [[1, 2], [3, 4]]);
  assert.equal(unmark(`断${OPEN}开`).text, '断开');
});

test('words are found in the text whatever their case or script', () => {
  const fold = (text) => text.replaceAll('國', '国');
  assert.equal(shown('五國5G展', join(occurrences('五國5G展', ['国', '5g'], fold))), '五[國5G]展');
  assert.deepEqual(occurrences('İx', ['x']), [[1, 2]]);
  assert.deepEqual(occurrences('任何', ['', 'x']), []);
});

test('marks that touch are one mark', () => {
  assert.deepEqual(join([[4, 6], [0, 2], [2, 3], [5, 9]]), [[0, 3], [4, 9]]);
});

test('a part of a text keeps the marks in it', () => {
  assert.equal(shown('零一二三四五', [[1, 3], [4, 6]], [2, 5]), '[二]三[四]');
});

test('a snippet is where most marks are, from the beginning of a sentence', () => {
  const text = `灯${'。远处什么也没有'.repeat(20)}。渡船靠岸，渡船离岸${'，水面很静'.repeat(40)}`;
  const ranges = join([...occurrences(text, ['灯']), ...occurrences(text, ['渡船'])]);
  const [from, to] = window(text, ranges, 60);
  assert.ok(text.slice(from, to).startsWith('渡船靠岸，渡船离岸'), text.slice(from, to));
  assert.equal(to - from, 60);
});

test('a snippet of a short text is the text, and without marks its beginning', () => {
  assert.deepEqual(window('短', [], 10), [0, 1]);
  assert.deepEqual(window('长'.repeat(99), [], 10), [0, 10]);
});

test('no snippet ends in the middle of a character', () => {
  const text = '𠮷'.repeat(50);
  for (let at = 0; at < 40; at += 2) {
    const [from, to] = window(text, [[at, at + 2]], 11);
    assert.ok(text.slice(from, to).isWellFormed(), `${from} ${to}`);
  }
});
