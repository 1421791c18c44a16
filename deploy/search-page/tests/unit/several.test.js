import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../../src/config.js';
import { ask, merged, mergedFacet, widened } from '../../src/several.js';

const hit = (id, score, day, more = {}) => ({ id, _rankingScore: score, date_number: day, ...more });
const ids = (result) => result.hits.map((it) => it.id);

test('each engine is asked from the first hit on, for a page may be all its own', () => {
  assert.deepEqual(widened({ q: '水库', page: 3, hitsPerPage: 20 }), { q: '水库', page: 1, hitsPerPage: 60, showRankingScore: true });
  assert.deepEqual(widened({ offset: 5, limit: 10 }), { offset: 0, limit: 15, showRankingScore: true });
  const sorted = widened({ sort: ['page:asc'], limit: 1, attributesToRetrieve: ['date'], matchingStrategy: 'last' });
  assert.deepEqual(sorted.attributesToRetrieve, ['date', 'date_number', 'page']);
  assert.equal(sorted.showRankingScoreDetails, true);
});

test('hits come by score and then by day, and the page is cut from all of them', () => {
  const east = { hits: [hit('a', 0.9, 20250101), hit('b', 0.5, 20250301)], totalHits: 12, page: 1, hitsPerPage: 4, processingTimeMs: 3 };
  const west = { hits: [hit('c', 0.9, 20250201), hit('d', 0.6, 20250101)], totalHits: 5, page: 1, hitsPerPage: 4, processingTimeMs: 8 };
  const query = { page: 2, hitsPerPage: 2 };
  const found = merged(query, [east, west]);
  assert.deepEqual(ids(found), ['d', 'b']);
  assert.deepEqual([found.totalHits, found.totalPages, found.page, found.hitsPerPage, found.processingTimeMs], [17, 9, 2, 2, 8]);
});

test('an asked order goes before the score, and what has no value comes last in both directions', () => {
  const hits = [hit('a', 0.9, 1, { page: 2 }), hit('b', 0.1, 1, { page: 1 }), hit('c', 1, 1)];
  const sorted = (rule) => ids(merged({ sort: [rule] }, [{ hits: hits.slice(0, 1) }, { hits: hits.slice(1) }]));
  assert.deepEqual(sorted('page:asc'), ['b', 'a', 'c']);
  assert.deepEqual(sorted('page:desc'), ['a', 'b', 'c']);
});

test('more of the words go before an asked order', () => {
  const words = (count) => ({ _rankingScoreDetails: { words: { matchingWords: count } } });
  const [one, two] = [hit('one', 0.4, 20250301, words(1)), hit('two', 0.8, 20250101, words(2))];
  assert.deepEqual(ids(merged({ sort: ['date_number:desc'] }, [{ hits: [one] }, { hits: [two] }])), ['two', 'one']);
});

test('counts of facets are added, and their ends are the outermost', () => {
  const result = (counts, min, max) => ({ hits: [], facetDistribution: { publication: counts }, facetStats: { date_number: { min, max } } });
  const found = merged({}, [result({ 栖岭日报: 2, 砚川日报: 1 }, 5, 9), result({ 砚川日报: 4 }, 3, 8)]);
  assert.deepEqual(found.facetDistribution, { publication: { 栖岭日报: 2, 砚川日报: 5 } });
  assert.deepEqual(found.facetStats, { date_number: { min: 3, max: 9 } });
  const facet = (...hits) => ({ facetHits: hits.map(([value, count]) => ({ value, count })), facetQuery: '', processingTimeMs: 0 });
  assert.deepEqual(mergedFacet([facet(['甲', 1], ['乙', 2]), facet(['甲', 3])]).facetHits, [{ value: '甲', count: 4 }, { value: '乙', count: 2 }]);
});

test('an engine that does not answer is named, and only when none does is that a failure', async () => {
  const init = { body: JSON.stringify({ queries: [{ q: 'x', limit: 2 }] }) };
  const answers = async (address) => {
    if (address.startsWith('http://down')) throw new Error('away');
    return { results: [{ hits: [hit(address, 1, 1)], estimatedTotalHits: 1 }] };
  };
  let missing;
  const found = await ask(['http://up', 'http://down'], '/multi-search', init, answers, (urls) => (missing = urls));
  assert.deepEqual([ids(found.results[0]), missing], [['http://up/multi-search'], ['http://down']]);
  await assert.rejects(ask(['http://down'], '/multi-search', init, answers, () => {}), /away/);
});

test('the configuration names one engine or several', () => {
  assert.deepEqual(check({ url: 'http://one:7700/' }).config.urls, ['http://one:7700']);
  assert.deepEqual(check({ urls: ['http://one', 'https://two/'] }).config.urls, ['http://one', 'https://two']);
  assert.equal(check({ urls: [] }).problem, 'config.json: urls');
  assert.equal(check({}).problem, 'config.json: url');
});
