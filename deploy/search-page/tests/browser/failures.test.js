/** What the page shows when something around it fails. A failing request is an error on the console: that is right. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage, startBrowser, startLine } from './line.js';

let line;
let browser;
before(async () => {
  [line, browser] = await Promise.all([startLine(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await line?.stop();
});

async function opened(run) {
  const { page, faults, close } = await openPage(browser);
  try {
    await run(page);
    assert.deepEqual(faults.filter((fault) => !fault.startsWith('console')), []);
  } finally {
    await close();
  }
}

const alert = (page, kind) => page.locator(`[role=alert][data-failure=${kind}]`);

test('without a configuration it says what is missing', () => opened(async (page) => {
  await page.route('**/config.json', (route) => route.fulfill({ status: 404 }));
  await page.goto(line.url);
  await page.getByRole('heading', { name: '本页还没有配置' }).waitFor();
}));

test('a key that is refused is the administrator\'s affair', () => opened(async (page) => {
  await page.route('**/multi-search', (route) => route.fulfill({
    status: 403, headers: { 'access-control-allow-origin': '*' }, json: { message: 'The provided API key is invalid.', code: 'invalid_api_key' },
  }));
  await page.goto(line.url);
  await alert(page, 'key').waitFor();
  await page.goto(`${line.url}/?article=any`);
  await alert(page, 'key').waitFor();
}));

test('an index that is not there yet is no failure of the reader', () => opened(async (page) => {
  await page.route('**/multi-search', (route) => route.fulfill({
    status: 400, headers: { 'access-control-allow-origin': '*' }, json: { message: 'Index `articles` not found.', code: 'index_not_found' },
  }));
  await page.goto(line.url);
  await alert(page, 'index').waitFor();
}));

test('after a failure, trying again brings the articles', () => opened(async (page) => {
  await page.route('**/multi-search', (route) => route.abort());
  await page.goto(line.url);
  await alert(page, 'down').waitFor();
  await page.unroute('**/multi-search');
  await page.getByRole('button', { name: '再试一次' }).click();
  await page.locator('.hit').first().waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
}));

test('when the engine goes away, what is shown stays and the page says so', () => opened(async (page) => {
  await page.goto(line.url);
  await page.locator('.hit').first().waitFor();
  await line.stop();
  await page.getByRole('searchbox', { name: '检索文章' }).fill('水');
  await alert(page, 'down').waitFor();
  assert.ok((await page.locator('.hit').count()) > 0);
}));
