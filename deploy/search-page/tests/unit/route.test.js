import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptySearch, format, parse, searchAddress } from '../../src/route.js';

const search = (more) => ({ view: 'search', search: { ...emptySearch(), ...more } });

test('an address comes back as what it was made from', () => {
  const routes = [
    search({}),
    search({ q: '"渡船 复航" -停航', title: ['港湾日报', '山城报'], kind: ['photo'], person: ['林晓舟'], place: ['南岸'] }),
    search({ from: '2025-03-01', to: '2025-03-31', sort: 'oldest', page: 7, section: ['港城纪事'] }),
    { view: 'article', id: 'abc', q: '渡船' },
    { view: 'issue', id: 'abc', page: 1 },
    { view: 'issue', id: 'abc', page: 3 },
    { view: 'day', date: '2025-03-08', title: '港湾日报' },
    { view: 'issues', title: '', page: 1 },
    { view: 'issues', title: '港湾日报', page: 2 },
  ];
  for (const route of routes) {
    const address = format(route);
    assert.deepEqual(parse(address.replace('./', '')), route, address);
  }
});

test('what an address says wrongly is passed over', () => {
  assert.deepEqual(parse('?q=%20a%20&from=yesterday&sort=best&page=-3&unknown=1&kind='), search({ q: 'a' }));
  assert.deepEqual(parse('?title=a&title=a'), search({ title: ['a'] }));
});

test('nothing asked for is the page itself', () => {
  assert.equal(searchAddress({}), './');
});
