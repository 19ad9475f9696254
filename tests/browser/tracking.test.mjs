// An applicant follows a case on a phone: every day of its term, what can be done next, and what is
// told in the portal, by e-mail through a real mail server, and by a signed web hook.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { choose, fillInClinic, send, signIn } from './people.mjs';
import { hookReceiver, mailServer, until } from './receivers.mjs';
import { withServer } from './server.mjs';

const SENDER = '医养通知（虚构） <notice@yiyang.example>';
const ADDRESS = 'chen@mail.example';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** A picture of the page where `$YIYANG_SHOTS` says so; what axe finds against WCAG 2.2 AA fails the test. */
async function look(page, name) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((runOnly) => globalThis.axe.run({ runOnly }), WCAG);
  const found = violations.map((one) => `${one.id}: ${one.nodes[0].html}`);
  assert.deepEqual(found, [], name);
  const folder = process.env.YIYANG_SHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const shown = (page) => page.locator('main').innerText();

async function addMail(page, mails, url) {
  await page.goto('/zh/messages/settings');
  await page.locator('#mail').fill(ADDRESS);
  await page.getByRole('button', { name: '发送确认链接' }).click();
  await page.getByText('尚未确认').waitFor();
  const asked = await until(() => mails[0], 20, 'the mail that asks to confirm');
  assert.deepEqual([asked.from, asked.to], ['notice@yiyang.example', [ADDRESS]]);
  assert.ok(asked.sender.startsWith('医养通知（虚构）'), asked.sender);
  assert.ok(asked.subject.startsWith('请确认您的电子邮箱'), asked.subject);
  assert.ok(/^[\x20-\x7e\r\n\t]*$/.test(asked.raw), 'headers are plain ASCII on the wire');
  assert.equal(asked.headers['auto-submitted'], 'auto-generated');
  assert.match(asked.headers['content-type'], /text\/plain; charset=utf-8/i);
  const [link] = asked.text.match(/http\S+/);
  assert.ok(link.startsWith(`${url}/zh/messages/confirm?`), link);
  await page.goto(link);
  await look(page, 'tracking-confirm');
  await page.getByRole('button', { name: '确认', exact: true }).click();
  await page.getByText('邮箱已确认').waitFor();
}

async function addHook(page, hook) {
  await page.locator('#hook').fill(hook.url);
  await page.getByRole('button', { name: '添加回调' }).click();
  hook.secret = await page.locator('code').innerText();
  assert.match(hook.secret, /^whsec_/);
  await look(page, 'tracking-settings');
}

async function fileAndAsk(page) {
  await page.goto('/zh/apply/clinic-filing/whole');
  await fillInClinic(page, '逐日诊所（虚构）', '示例路 10 号（虚构）');
  await send(page);
  assert.match(page.url(), /\/zh\/cases\/\d+/);
  const address = new URL(page.url()).pathname;
  await signIn(page, 'officer-02');
  await page.goto(address);
  await page.locator('input[name="outcome"][value="incomplete"]').check();
  await page.locator('#reasons-choose').fill('图纸不清楚');
  await page.locator('form[action$="/choose"] details:has(#items-choose) summary').click();
  await page.locator('input[name="items"][value="floor-plan"]').check();
  await choose(page, 'incomplete');
  return address;
}

async function follow(page, address) {
  await signIn(page, 'person-03');
  await page.goto(address);
  const next = page.locator('section.next');
  assert.match(await next.innerText(), /提交缺少的材料[\s\S]*截至 \d{4}-\d\d-\d\d/);
  assert.ok((await page.locator('.moj-timeline').innerText()).includes('图纸不清楚'));
  await look(page, 'tracking-case');
  const answer = await page.goto(`${address}/days`);
  const html = await answer.body();
  assert.ok(html.length < 150_000, `${html.length} bytes`);
  const days = await shown(page);
  for (const said of ['期限明细', '起算日，不计入', '时限现已中止', '补正通知'])
    assert.ok(days.includes(said), `${said} is not said`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `the page is ${wide} pixels wider than the phone`);
  await look(page, 'tracking-days');
  await page.goto(`${address.replace('/zh/', '/en/')}/days`);
  assert.ok((await shown(page)).includes('The clock stands still now'));
  await look(page, 'tracking-days-en');
  const wire = await page.request.get(`/api${address.replace('/zh', '')}/days`);
  const accounts = await wire.json();
  const step = accounts.find((account) => account.of === 'step');
  assert.equal(step.halts[0].why, 'supplement');
}

test('on a phone a case is followed day by day, and told in three ways', async () => {
  const [mail, hook] = [await mailServer(), await hookReceiver(2)];
  const more = ['--smtp', mail.url, '--mail-from', SENDER, '--private-hooks'];
  try {
    await withServer(
      (url) =>
        withPage({ language: 'zh', width: 'phone', url }, async (page) => {
          await signIn(page, 'person-03');
          await addMail(page, mail.mails, url);
          await addHook(page, hook);
          const address = await fileAndAsk(page);
          await follow(page, address);
          await page.goto('/zh/messages');
          const told = await shown(page);
          assert.ok(told.includes('您的申请需要补正'), told);
          await look(page, 'tracking-messages');
          await page.getByRole('button', { name: /查看办件/ }).first().click();
          await page.waitForURL(`**${address}`);

          const id = Number(address.split('/').at(-1));
          await until(() => mail.mails.length >= 3, 20, 'the second message by mail');
          const about = mail.mails.slice(1);
          assert.ok(about[0].subject.includes('您的申请已经收到'), about[0].subject);
          assert.ok(about[1].subject.includes('您的申请需要补正'), about[1].subject);
          for (const { text } of about) {
            assert.ok(text.includes(`${url}/zh/cases/${id}`), text);
            for (const secret of ['逐日诊所', '林青', '110101190305170009', '陈梓琪'])
              assert.ok(!text.includes(secret), `${secret} in a mail`);
          }
          const numbers = mail.mails.map((one) => one.headers['message-id']);
          assert.equal(new Set(numbers).size, numbers.length, 'each mail has its own number');

          await until(() => hook.got.length >= 2, 60, 'the second message by the hook');
          const types = hook.got.map((one) => one.type);
          assert.deepEqual(types, ['case.filed', 'case.supplement-asked']);
          assert.ok(hook.got.every((one) => one.data.case === id));
          assert.deepEqual([hook.failed, hook.refused], [2, 0]);
          assert.equal(mail.mails.length, 3, 'each mail is sent once');
        }),
      more,
    );
  } finally {
    await Promise.all([mail.stop(), hook.stop()]);
  }
});
