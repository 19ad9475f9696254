// A field sheet: taken along, the network gone, filled in, the tab closed and opened, recorded,
// sent when there is a network again, and recorded once however often it came; refused and kept;
// done by somebody else meanwhile; of somebody who is no longer signed in; left by signing out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, withPage } from './browser.mjs';
import { enter } from './drafting.mjs';
import { linked } from './line.mjs';
import {
  answerTo,
  choose,
  going,
  look,
  lookAround,
  openClinic,
  send,
  shown,
  signIn,
} from './people.mjs';

/** Two officers of one body. */
const ONE = 'officer-205';
const OTHER = 'officer-206';
/** A browser notes on its console that there was no network, or that something was refused. */
const MEANT = /ERR_|net::|Failed to load|422|409/;
const TYPED = '检查单已在这台设备上';
const QUEUED = '已留存在这台设备上，尚未发送。有网络后';
const REASONS = '消毒记录缺失（虚构）';

let clinic;

/** A case against a clinic, opened by an officer, who is to inspect it on site: its address. */
async function toInspect(page, officer) {
  clinic ??= await openClinic(page, `检查诊所${Date.now() % 100000}（虚构）`, '示例路 88 号（虚构）');
  await signIn(page, officer);
  await page.goto('/zh/apply/violation-case/whole');
  await answerTo(page, 'violation.institution', clinic.key);
  await answerTo(page, 'violation.findings', '来电举报，尚无监管发现（虚构）');
  await answerTo(page, 'violation.facts', '消毒不合规（虚构）');
  await send(page);
  await choose(page, 'inspect', '需要现场核实（虚构）');
  return new URL(page.url()).pathname;
}

/** Runs an act on a page whose line to the server can be cut, on a phone as a rule. */
const withLine = (look, act) =>
  linked(process.env.YIYANG_URL, (line) =>
    withPage({ language: 'zh', width: 'phone', forgive: MEANT, url: line.url, ...look }, (page) =>
      act(page, line),
    ),
  );

const says = (page, text) => page.locator('.app-sheet').getByText(text).waitFor();
const press = (page, name) => page.locator('.app-sheet').getByRole('button', { name }).click();
const record = (page) => page.locator('#do-choose p.act button').click();

async function takeAlong(page, line, address) {
  line.sent.length = 0;
  await page.goto(address);
  await press(page, '带去现场');
  await says(page, TYPED);
}

/** Neither the browser has a network nor is there a server. */
async function away(page, line) {
  line.dead = true;
  await page.context().setOffline(true);
}

async function back(page, line) {
  line.dead = false;
  await page.context().setOffline(false);
}

/** What lies on the device: pages that open without a network, and sheets. */
const onDevice = (page) =>
  page.evaluate(async () => {
    const found = [];
    for (const name of await caches.keys()) {
      const pages = await (await caches.open(name)).keys();
      found.push(...pages.map(({ url }) => new URL(url).pathname));
    }
    const base = await new Promise((tell) => {
      const asked = indexedDB.open('field-sheets', 1);
      asked.onsuccess = () => tell(asked.result);
    });
    const sheets = await new Promise((tell) => {
      const asked = base.transaction('sheets').objectStore('sheets').getAll();
      asked.onsuccess = () => tell(asked.result);
    });
    base.close();
    return { pages: found.filter((path) => !path.startsWith('/assets/')), sheets };
  });

/** Types on, with the window closed before the disk had it: what was noted is all there is of it. */
const closedAsTyped = (page, name, text) =>
  page.evaluate(
    ([name, text]) => {
      const form = document.querySelector('form[data-sheet]');
      const hidden = ([own]) => own !== 'token' && own !== 'key';
      const fields = [...new FormData(form)].filter(hidden);
      fields.find(([own]) => own === name)[1] = text;
      const slip = `field-sheets ${document.body.dataset.sheetsOf} ${form.dataset.sheet}`;
      localStorage.setItem(slip, JSON.stringify({ fields, words: [] }));
    },
    [name, text],
  );

/** How often the case says that this was chosen. */
const recorded = async (page, address, title) => {
  await page.goto(address);
  return page.locator('.app-timeline li', { hasText: title }).count();
};

test('filled in without a network, sent twice, recorded once', () =>
  withLine({}, async (page, line) => {
    const address = await toInspect(page, ONE);
    await look(page, 'field-offered');
    await takeAlong(page, line, address);
    await look(page, 'field-taken');
    await away(page, line);

    // The very same address opens; no other does.
    await page.goto(address);
    await says(page, TYPED);
    const elsewhere = await page.context().newPage();
    await assert.rejects(elsewhere.goto('/zh/inbox'));
    await elsewhere.close();
    await page.locator('[name="outcome"][value="rectify"]').check();
    await page.locator('[name="rectification.what"]').pressSequentially('补齐消毒记录');
    await page.locator('#reasons-choose').pressSequentially(REASONS.slice(0, -1));
    await closedAsTyped(page, 'reasons', REASONS);
    const tab = page;
    page = await page.context().newPage();
    await tab.close();
    await page.goto(address);
    await says(page, TYPED);
    assert.equal(await page.locator('#reasons-choose').inputValue(), REASONS);
    assert.equal(await page.locator('[name="rectification.what"]').inputValue(), '补齐消毒记录');
    assert.ok(await page.locator('[name="outcome"][value="rectify"]').isChecked());
    await record(page);
    await says(page, QUEUED);
    await look(page, 'field-queued');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} px wider than the phone`);

    // A day is missing: refused by name and number, and nothing is thrown away.
    await back(page, line);
    await says(page, '未予记录');
    assert.match(await page.locator('.app-sheet').innerText(), /1\d\d\d[^]*改正期限/);
    await look(page, 'field-refused');
    await page.goto(address);
    await says(page, '未予记录');
    assert.equal(await page.locator('#reasons-choose').inputValue(), REASONS);
    await page.locator('[name="rectification.by-day"]').fill('2030-01-31');

    // It is recorded, but the answer is lost on the way; sent again, it is the same.
    line.loses = true;
    await record(page);
    // A browser sends by itself again what got no answer, so that it may have come several times.
    while (line.sent.length < 2) await page.waitForTimeout(50);
    await page.waitForFunction(async () => (await navigator.locks.query()).held.length === 0);
    await says(page, QUEUED);
    const lost = line.sent.length;
    line.loses = false;
    await press(page, '立即发送');
    await page.waitForURL(/\?done=\d+$/);
    assert.equal(line.sent.length, lost + 1);
    const done = new URL(page.url()).search;
    assert.deepEqual(await onDevice(page), { pages: [], sheets: [] });
    assert.equal(await recorded(page, address, '责令限期改正'), 1);

    // By force once more, byte for byte.
    const head = async () => (await page.request.get('/api/head')).json();
    const before = await head();
    const again = await line.again(line.sent.at(-1));
    assert.equal(again.status, 303);
    assert.equal(new URL(again.headers.get('location'), line.url).search, done);
    assert.deepEqual(await head(), before);
    assert.equal(await recorded(page, address, '责令限期改正'), 1);
  }));

test('what somebody else did meanwhile is told, and the sheet stays until it is discarded', () =>
  withLine({}, async (page, line) => {
    const address = await toInspect(page, ONE);
    await takeAlong(page, line, address);
    await away(page, line);
    await page.goto(address);
    await page.locator('[name="outcome"][value="penalise"]').check();
    await page.locator('#reasons-choose').fill(REASONS);
    await record(page);
    await says(page, QUEUED);

    const browser = await launch();
    try {
      const other = await openPage(browser, process.env.YIYANG_URL);
      await signIn(other, OTHER);
      await other.goto(address);
      await choose(other, 'nothing', '现场正常（虚构）');
    } finally {
      await browser.close();
    }
    await back(page, line);
    await says(page, '未予记录');
    assert.match(await page.locator('.app-sheet').innerText(), /1\d\d\d/);

    // Told wherever its writer goes. The case has no such step any more; what was written is there.
    await page.goto('/zh/inbox');
    await says(page, '未予记录');
    await page.goto(address);
    await page.locator('[data-sheets]').getByText(REASONS).waitFor();
    await lookAround(page, 'field-too-late');
    await page.getByText('放弃这张检查单').click();
    await press(page, '确认放弃');
    await page.locator('[data-sheets]').waitFor({ state: 'hidden' });
    assert.deepEqual(await onDevice(page), { pages: [], sheets: [] });
    assert.equal(await recorded(page, address, '拟处罚'), 0);
  }));

test('a session that ended loses nothing, and nobody else sends it', () =>
  withLine({ width: 'desktop' }, async (page, line) => {
    const address = await toInspect(page, ONE);
    await takeAlong(page, line, address);
    await page.locator('[name="outcome"][value="nothing"]').check();
    await page.locator('#reasons-choose').fill(REASONS);
    await page.context().clearCookies({ name: 'session' });
    await record(page);
    await says(page, '当前登录的不是带上检查单的人');
    await look(page, 'field-signed-out');

    // A colleague is shown nothing of it, and the page is not theirs to open without a network.
    await signIn(page, OTHER);
    assert.ok(await page.locator('[data-sheets]').isHidden());
    await page.goto(address);
    assert.equal(await page.locator('#reasons-choose').inputValue(), '');
    await page.waitForFunction(async () => {
      const pages = await (await caches.open('field-sheets')).keys();
      return pages.every(({ url }) => new URL(url).pathname.startsWith('/assets/'));
    });
    assert.equal((await onDevice(page)).sheets.length, 1);
    assert.equal(line.sent.length, 0);

    await signIn(page, ONE);
    await says(page, '已记录');
    assert.equal(line.sent.length, 1);
    assert.deepEqual(await onDevice(page), { pages: [], sheets: [] });
    assert.equal(await recorded(page, address, '检查未发现违规'), 1);
  }));

test('who signs out is asked first, and leaves nothing on the device', () =>
  withLine({}, async (page, line) => {
    const address = await toInspect(page, ONE);
    await takeAlong(page, line, address);
    await page.locator('#reasons-choose').fill(REASONS);
    await page.goto('/zh/inbox');
    const out = page.locator('form[action$="/sign-out"] button');
    const dialog = page.getByRole('dialog', { name: '有现场检查单尚未发送' });
    await out.click();
    await dialog.waitFor();
    await look(page, 'field-sign-out');
    await dialog.getByRole('button', { name: '保持登录' }).click();
    assert.equal((await onDevice(page)).sheets.length, 1);
    await out.click();
    await going(page, dialog.getByRole('button', { name: '删除并退出登录' }));
    assert.ok((await page.locator('header').innerText()).includes('登录'));
    assert.deepEqual(await onDevice(page), { pages: [], sheets: [] });
    await away(page, line);
    await assert.rejects(page.goto(address));
  }));

test('in large type on a phone, and without scripts as any form', async () => {
  let address;
  await withLine({}, async (page, line) => {
    address = await toInspect(page, ONE);
    await page.goto('/zh/look?size=large&then=%2Fzh%2F');
    await takeAlong(page, line, address);
    await look(page, 'field-large');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} px wider than the phone`);
  });
  const browser = await launch();
  try {
    const baseURL = process.env.YIYANG_URL;
    const context = await browser.newContext({ baseURL, javaScriptEnabled: false });
    const page = await context.newPage();
    await signIn(page, ONE);
    await page.goto(address);
    assert.ok(!(await shown(page)).includes('带去现场'));
    await page.locator('[name="outcome"][value="nothing"]').check();
    await page.locator('#reasons-choose').fill(REASONS);
    await enter(page, page.locator('#do-choose p.act button'));
    assert.equal(await recorded(page, address, '检查未发现违规'), 1);
  } finally {
    await browser.close();
  }
});
