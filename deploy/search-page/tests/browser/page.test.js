/** The page in a browser, against a real line with the sample issues. Conditions are waited for, time never. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { openPage, startBrowser, startLine } from './line.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HITS = '.hit h2 a';

let line;
let browser;
before(async () => {
  [line, browser] = await Promise.all([startLine(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await line?.stop();
});

/** A test in a fresh profile that must leave no fault behind. */
function scene(name, run, options) {
  test(name, async () => {
    const opened = await openPage(browser, options);
    try {
      await run(opened.page, opened.faults);
      assert.deepEqual(opened.faults, []);
    } finally {
      await opened.close();
    }
  });
}

const search = (page) => page.getByRole('searchbox', { name: /检索文章|Search articles/ });
const hit = (page, text) => page.locator(HITS, { hasText: text });
const counted = (page, text) => page.locator('.count', { hasText: text }).waitFor();
const asked = (page, part) => page.waitForURL((url) => decodeURIComponent(url.search).includes(part));

async function open(page, address = '') {
  await page.goto(`${line.url}/${address}`);
  await page.locator(`${HITS}, .reading h1, .state`).first().waitFor();
}

async function accessible(page) {
  // As a test tool: the page's own policy would not let a script in.
  const broken = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | ')))`);
  assert.deepEqual(broken, []);
}

describe('searching', () => {
  scene('finds as the reader types, and marks what was found', async (page) => {
    await open(page);
    await counted(page, '44');
    await search(page).pressSequentially('水库');
    await hit(page, '石磨岭水库').waitFor();
    await asked(page, 'q=水库');
    assert.equal(await page.locator('.hit h2 mark').first().textContent(), '水库');
    assert.equal(await page.locator('.hit .snippet mark').first().textContent(), '水库');
    assert.match(await page.title(), /^水库 · /);
  });

  scene('a chosen title, kind or bar of the histogram narrows the list, and can be taken back', async (page) => {
    await open(page);
    const all = await page.locator('.bar').count();
    assert.ok(all > 2, `${all} bars`);
    await page.getByRole('checkbox', { name: /砚川日报/ }).check();
    await counted(page, '7 篇');
    await asked(page, 'title=砚川日报');
    await page.getByRole('checkbox', { name: /图片/ }).check();
    await counted(page, '1 篇');
    await page.getByRole('button', { name: '去掉筛选：砚川日报' }).click();
    await asked(page, '?kind=photo');
    await page.getByRole('button', { name: '去掉筛选：图片' }).click();
    await counted(page, '44');
    await page.getByRole('button', { name: /2025年9月：7 篇/ }).click();
    await counted(page, '7 篇');
    await asked(page, 'from=2025-09-');
    await page.getByRole('button', { name: '全部日期' }).click();
    await counted(page, '44');
  });

  scene('people can be found in their facet by typing', async (page) => {
    await open(page);
    const people = page.getByRole('group', { name: '人物' });
    // So far down by count and name that it is not among those shown.
    assert.equal(await people.getByRole('checkbox', { name: /游子衿/ }).count(), 0);
    await people.getByRole('searchbox').fill('游子衿');
    await people.getByRole('checkbox', { name: /游子衿/ }).check();
    await asked(page, 'person=游子衿');
    await hit(page, '水走到哪里').first().waitFor();
    await page.getByRole('button', { name: '去掉筛选：游子衿' }).waitFor();
  });

  scene('the list can be sorted by date, and paged through', async (page) => {
    await open(page);
    await page.getByRole('combobox', { name: '排序' }).selectOption('oldest');
    await asked(page, 'sort=oldest');
    await page.locator('.hit .meta', { hasText: '沙棠日报' }).first().waitFor();
    const first = await page.locator(HITS).first().textContent();
    await page.getByRole('button', { name: '下一页' }).click();
    await asked(page, 'page=2');
    await page.locator(HITS).first().filter({ hasNotText: first }).waitFor();
    await page.goBack();
    await page.locator(HITS).first().filter({ hasText: first }).waitFor();
  });

  scene('nothing found says what to try', async (page) => {
    await open(page, '?q=%22甲乙丙丁戊己庚辛%22&kind=photo');
    await page.getByRole('heading', { name: '没有找到文章' }).waitFor();
    await page.getByText('去掉引号').waitFor();
    await accessible(page);
    await page.locator('.found').getByRole('button', { name: '清除全部筛选' }).click();
    await asked(page, 'q="甲乙丙丁戊己庚辛"');
  });

  scene('what a search finds can be told by those who cannot see it', async (page) => {
    await open(page, '?q=水');
    assert.match(await page.getByRole('status').filter({ hasText: '篇' }).textContent(), /\d+ 篇文章/);
    await accessible(page);
  });
});

describe('reading', () => {
  scene('an article opens at its own address, and back is where the reader was', async (page) => {
    await open(page, '?q=有轨电车');
    await hit(page, '热滑').click();
    const title = page.getByRole('heading', { level: 1 });
    await title.filter({ hasText: '热滑试验' }).waitFor();
    assert.match(page.url(), /\?article=\w+/);
    assert.ok(await title.evaluate((it) => it === document.activeElement), 'the headline has the focus');
    assert.ok((await page.locator('.article .body mark').count()) > 0, 'marks are kept');
    await accessible(page);
    const address = page.url();
    await page.goBack();
    await hit(page, '热滑').waitFor();
    assert.equal(await search(page).inputValue(), '有轨电车');
    assert.match(await page.evaluate(() => document.activeElement.textContent), /热滑/);
    await page.goto(address);
    await title.filter({ hasText: '热滑试验' }).waitFor();
  });

  scene('an article shows who made it, its subheads in their places, and leads to its issue', async (page) => {
    await open(page, '?q=稻浪');
    await hit(page, '稻浪').first().click();
    const article = page.locator('.article');
    await article.waitFor();
    assert.match(await article.locator('.byline').textContent(), /记者 祝云起、邝小满|记者 祝云起/);
    const order = await article.locator('.body > *').evaluateAll((all) => all.map((it) => it.tagName));
    assert.ok(order.indexOf('H2') > 0 && order.lastIndexOf('P') > order.indexOf('H2'), order.join(' '));
    await page.getByRole('link', { name: '看整期报纸' }).click();
    await page.getByRole('heading', { level: 1, name: '砚川日报' }).waitFor();
    assert.match(page.url(), /\?issue=\w+/);
    await page.goBack();
    await article.waitFor();
  });

  scene('a jump whose other half is not there leads to the issue; the next article follows', async (page) => {
    await open(page, '?q=稻浪');
    await hit(page, '稻浪').first().click();
    await page.getByRole('link', { name: '下转第 3 版' }).click();
    await page.getByText('未见版面：2、3').waitFor();
    await page.goBack();
    await page.locator('.article').waitFor();
    const next = page.locator('a[rel=next]');
    const name = await next.locator('span').last().textContent();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { level: 1, name }).waitFor();
  });

  scene('what an editor should look at is said in words', async (page) => {
    await open(page, '?q=招标公告');
    await hit(page, '招标公告').first().click();
    await page.getByText('已删去识别时重复的行').waitFor();
  });

  scene('an issue is listed page by page, and found by its day and title', async (page) => {
    await open(page, '?issues');
    await page.getByRole('link', { name: /栖岭日报/ }).click();
    await page.getByRole('heading', { level: 1, name: '栖岭日报' }).waitFor();
    assert.equal(await page.locator('.newspaper-page').count(), 4);
    assert.equal(await page.locator('.entry').count(), 10);
    await accessible(page);
    await page.getByRole('button', { name: '第 4 版' }).click();
    await open(page, '?date=2025-10-14&title=栖岭日报');
    await page.getByRole('heading', { level: 1, name: '栖岭日报' }).waitFor();
    await open(page, '?issues');
    await accessible(page);
  });

  scene('a link to nothing says so', async (page) => {
    await open(page, '?article=nothing');
    await page.getByRole('heading', { name: '没有这篇文章' }).waitFor();
    await open(page, '?issue=nothing');
    await page.getByRole('heading', { name: '没有这一期' }).waitFor();
  });
});

describe('ways to use it', () => {
  scene('by keyboard alone', async (page) => {
    await open(page);
    await page.keyboard.press('/');
    await page.keyboard.type('书');
    await asked(page, 'q=书');
    await page.locator('.hit mark').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    const chosen = await page.evaluate(() => document.activeElement.textContent);
    assert.equal(chosen, await page.locator(HITS).first().textContent());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: chosen }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator(HITS).first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), chosen);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await counted(page, '44');
    assert.equal(await search(page).inputValue(), '');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await accessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  scene('in English, kept for the next visit', async (page) => {
    await open(page, '?q=水库');
    await page.getByRole('button', { name: 'English' }).click();
    await counted(page, 'article');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await hit(page, '石磨岭').waitFor();
    assert.match(await page.locator('.hit h2').first().getAttribute('lang'), /^zh/);
    await page.reload();
    await counted(page, 'article');
    await page.getByRole('button', { name: '中文' }).click();
    await counted(page, '篇文章');
  });

  scene("in the browser's language", async (page) => {
    await open(page);
    await counted(page, '44 articles');
    await accessible(page);
  }, { locale: 'en-GB' });

  scene('in the dark, by wish of the system or of the reader', async (page) => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await open(page, '?q=水');
    const dark = await paper();
    await accessible(page);
    await page.getByRole('combobox', { name: '外观' }).selectOption('light');
    const light = await paper();
    assert.notEqual(light, dark);
    await page.reload();
    assert.equal(await paper(), light);
    await page.getByRole('combobox', { name: '外观' }).selectOption('dark');
    assert.equal(await paper(), dark);
    await page.locator(HITS).first().click();
    await page.locator('.article').waitFor();
    await accessible(page);
  }, { colorScheme: 'dark' });

  scene('on a phone', async (page) => {
    await open(page, '?q=水');
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(await wide(), false);
    const box = page.getByRole('checkbox', { name: /栖岭日报/ });
    assert.equal(await box.isVisible(), false);
    await page.getByRole('button', { name: '筛选' }).click();
    await box.check();
    await page.getByRole('button', { name: '筛选（1）' }).waitFor();
    await accessible(page);
    await page.getByRole('button', { name: '筛选（1）' }).click();
    await page.locator(HITS).first().click();
    await page.locator('.article').waitFor();
    assert.equal(await wide(), false);
    await page.getByRole('link', { name: '看整期报纸' }).click();
    await page.locator('.newspaper-page').first().waitFor();
    assert.equal(await wide(), false);
  }, { viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true });
});
