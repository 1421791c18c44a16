import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buckets } from '../../src/buckets.js';

test('a few weeks are shown by day, days without articles too', () => {
  const found = buckets({ date_number: { 20250227: 2, 20250302: 5 }, year_month: { '2025-02': 2, '2025-03': 5 }, year: { 2025: 7 } });
  assert.deepEqual(found.map((it) => [it.label, it.count]), [['2025-02-27', 2], ['2025-02-28', 0], ['2025-03-01', 0], ['2025-03-02', 5]]);
  assert.deepEqual(found[0], { label: '2025-02-27', from: '2025-02-27', to: '2025-02-27', count: 2 });
});

test('a few years are shown by month', () => {
  const found = buckets({ date_number: { 20241231: 1, 20250331: 1 }, year_month: { '2024-12': 1, '2025-03': 1 }, year: { 2024: 1, 2025: 1 } });
  assert.deepEqual(found.map((it) => it.label), ['2024-12', '2025-01', '2025-02', '2025-03']);
  assert.deepEqual([found[2].from, found[2].to], ['2025-02-01', '2025-02-28']);
});

test('where the engine did not count every day or month, years are shown', () => {
  const found = buckets({ date_number: { 20240101: 1 }, year_month: { '2024-01': 1 }, year: { 1949: 300, 1951: 2 } });
  assert.deepEqual(found.map((it) => [it.from, it.to, it.count]), [
    ['1949-01-01', '1949-12-31', 300], ['1950-01-01', '1950-12-31', 0], ['1951-01-01', '1951-12-31', 2]]);
});

test('no dates, no bars', () => {
  assert.deepEqual(buckets({}), []);
});
