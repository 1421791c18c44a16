/** A real `pressline up` with the sample issues, and a real Chromium before it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const REPOSITORY = join(import.meta.dirname, '../../../..');
/** Building the page for the first time, on a slow machine. */
const START = 300_000;
/** For one condition: what takes longer does not come. */
const PATIENCE = 15_000;
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

function program() {
  const built = ['release', 'debug'].map((profile) => join(REPOSITORY, 'target', profile, 'pressline')).filter(existsSync);
  const newest = built.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  const found = process.env.PRESSLINE_BIN ?? newest;
  if (!found) throw new Error('no pressline to test: run `cargo build -p pressline`, or name one in PRESSLINE_BIN');
  return found;
}

/** Starts it, waits until all the samples are searchable and the page is served. */
export async function startLine() {
  const data = mkdtempSync(join(tmpdir(), 'search-page-'));
  const child = spawn(program(), ['up', '--json', '--data', data, 'seeds'], { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'] });
  let notes = '';
  child.stderr.on('data', (text) => (notes += text));
  const ended = once(child, 'exit');
  const line = {
    url: '',
    issues: [],
    /** Stops it; what it kept is removed. */
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
  const ready = (async () => {
    for await (const text of createInterface({ input: child.stdout })) {
      const said = JSON.parse(text);
      if (said.page) line.url = said.page;
      if (said.receipt) line.issues.push(said);
      if (line.url && line.issues.length >= 8) return;
    }
    throw new Error(`pressline up ended: ${notes}`);
  })();
  // Without Node the line runs on without a page; here that is a failure.
  const pageless = new Promise((_, refuse) => {
    child.stderr.on('data', () => /no search page/.test(notes) && refuse(new Error(notes)));
  });
  let timer;
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`pressline up is not ready after ${START / 1000} s: ${notes}`)), START);
  });
  try {
    await Promise.race([ready, pageless, late]);
  } catch (error) {
    await line.stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  // What it says later is of no interest, but a full pipe would hold it up.
  child.stdout.resume();
  return line;
}

export async function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!executablePath) throw new Error('no Chromium to test with: apt-get install chromium, or name one in CHROMIUM');
  return chromium.launch({ executablePath, args: FLAGS });
}

/**
 * A page of a fresh profile. `faults` collects what must not happen: errors on the console, uncaught ones, and requests
 * to anywhere but this machine.
 */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ locale: 'zh-CN', colorScheme: 'light', viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.hostname !== '127.0.0.1') faults.push(`left this machine: ${url}`);
  });
  return { page, faults, close: () => context.close() };
}
