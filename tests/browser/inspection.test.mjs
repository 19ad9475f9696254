// An inspector's day. An institution is classed, officers stand in their register and one of them has
// a conflict. Three departments pledge seeds by the program on their own computers, the lists are
// frozen, the seeds are told, and it is drawn who goes where. The visit is written down on a phone
// without a network and sent afterwards. Anybody fetches what was published and draws again.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { withPage } from './browser.mjs';
import { linked } from './line.mjs';
import {
  answerTo,
  choose,
  going,
  look,
  lookAround,
  officerOf,
  openClinic,
  send,
  shown,
  signIn,
} from './people.mjs';

const run = promisify(execFile);
const DISTRICT = '110101';
const INSPECTOR = 'officer-205';
const OFFICERS = {
  health: INSPECTOR,
  market: officerOf('market', DISTRICT),
  'medical-insurance': officerOf('medical-insurance', DISTRICT),
};
/** How many of each department are entered: one more of the market than one visit takes. */
const ENTERED = { health: 2, market: 2, 'medical-insurance': 1 };
const CONFLICT = '曾在该机构任职（虚构）';
const SEEN = '公示栏缺一页，当场补上（虚构）';
const MEANT = /ERR_|net::|Failed to load/;

let folder;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'yiyang-draw-'))));
after(() => rm(folder, { recursive: true, force: true }));

/** The day a year from now. */
const nextYear = () => new Date(Date.now() + 365 * 24 * 3600 * 1000).toISOString().slice(0, 10);

/** Hands in a form of one page; the address of the case. */
async function file(page, procedure, answers) {
  await page.goto(`/zh/apply/${procedure}/whole`);
  for (const [name, value] of Object.entries(answers)) await answerTo(page, name, value);
  await send(page);
  const { pathname } = new URL(page.url());
  assert.match(pathname, /\/zh\/cases\/\d+$/, await shown(page));
  return pathname;
}

/** The key of the entry that the case on the page has made in a register. */
async function made(page, register) {
  const link = page.locator(`main a[href*="/registers/${register}/"]`).first();
  return decodeURIComponent((await link.getAttribute('href')).split('?')[0].split('/').pop());
}

/** The institution's class, officers of each department, and a conflict: the officer who has it. */
async function prepare(page, clinic) {
  await file(page, 'supervision-classification', {
    'classification.institution': clinic.key,
    'classification.class': 'high',
    'classification.until': nextYear(),
    'classification.reason': '新开办（虚构）',
  });
  await lookAround(page, 'inspection-class');
  await choose(page, 'class');
  const classed = await made(page, 'supervision-class');
  let conflicted;
  for (const [department, count] of Object.entries(ENTERED))
    for (let number = 1; number <= count; number += 1) {
      await file(page, 'inspection-officer-entry', {
        'inspection-officer.number': `虚构-${department}-${Date.now()}-${number}`,
        'inspection-officer.department': department,
        'inspection-officer.division': DISTRICT,
        'inspection-officer.until': nextYear(),
      });
      await choose(page, 'entered');
      if (department === 'market') conflicted ??= await made(page, 'inspection-officer');
    }
  await file(page, 'inspection-recusal', {
    'inspection-conflict.officer': conflicted,
    'inspection-conflict.object': classed,
    'inspection-conflict.reason': CONFLICT,
  });
  await choose(page, 'agree');
  return { classed, conflicted };
}

/** Each department answers in the draw with one line of its own. */
async function eachAnswers(page, draw, word, field, line) {
  for (const [department, officer] of Object.entries(OFFICERS)) {
    await signIn(page, officer);
    await page.goto(draw);
    const form = page.locator('form[action$="/answer"]');
    await form.locator(`input[name="answer"][value="${word}"]`).check();
    await form.locator(`[name="${field}"]`).fill(await line(department));
    await going(page, form.locator('p.act button, button').last());
  }
}

/** The departments pledge as the page tells them to; the program is run as it stands there. */
async function pledge(page, draw) {
  const commands = await page.locator('#drawing ~ ul code, main code').allInnerTexts();
  await eachAnswers(page, draw, 'pledges', 'draw-pledge.pledge', async (department) => {
    const command = commands.find((own) => own.includes(`--by ${department} `));
    assert.ok(command, `no command for ${department}: ${commands.join('\n')}`);
    const [program, ...words] = command.split(' ');
    assert.equal(program, 'yiyang');
    const { stdout } = await run(resolve(process.env.YIYANG_BIN), words, { cwd: folder });
    return stdout.trim();
  });
}

/** The departments tell what they kept in their files. */
const tell = (page, draw) =>
  eachAnswers(page, draw, 'tells', 'draw-seed.seed', async (department) => {
    const name = `random-inspection-${draw.split('/').pop()}-${department}.seed`;
    return (await readFile(join(folder, name), 'utf8')).trim();
  });

/** The draw from the call to the orders: its case, and the order for the institution. */
async function drawn(page, clinic) {
  const draw = await file(page, 'random-inspection', {
    'inspection-plan.division': DISTRICT,
    'inspection-plan.name': `联合抽查 ${Date.now() % 100000}（虚构）`,
  });
  await choose(page, 'called');
  await lookAround(page, 'inspection-pledge');
  await pledge(page, draw);
  await signIn(page, INSPECTOR);
  await page.goto(draw);
  await choose(page, 'freeze');
  await lookAround(page, 'inspection-frozen');
  const files = draw.replace('/zh/cases/', '/draws/');
  await page.context().clearCookies({ name: 'session' });
  assert.equal((await page.request.get(`${files}/lists.txt`)).status(), 404);
  const digest = await (await page.request.get(`${files}/digest.txt`)).text();
  assert.match(digest, /^[0-9a-f]{64} {2}lists\.txt\n$/);
  await tell(page, draw);
  await signIn(page, INSPECTOR);
  await page.goto(draw);
  await lookAround(page, 'inspection-drawn');
  const row = page.locator('tbody tr', { hasText: clinic.fields.name }).first();
  const order = await row.locator('a[href*="/registers/inspection-order/"]').getAttribute('href');
  return { digest, order };
}

/** The visit is written down without a network, on a phone, and sent when there is one again. */
const visit = (order) =>
  linked(process.env.YIYANG_URL, (line) =>
    withPage({ language: 'zh', width: 'phone', forgive: MEANT, url: line.url }, async (page) => {
      await signIn(page, INSPECTOR);
      const key = decodeURIComponent(order.split('?')[0].split('/').pop());
      const address = await file(page, 'inspection-visit', { 'inspection-visit.order': key });
      const sheet = page.locator('.app-sheet');
      await sheet.getByRole('button', { name: '带去现场' }).click();
      await sheet.getByText('检查单已在这台设备上').waitFor();
      line.dead = true;
      await page.context().setOffline(true);
      await page.goto(address);
      await page.locator('[name="outcome"][value="corrected"]').check();
      await page.locator('[name="inspection-seen.seen"]').pressSequentially(SEEN);
      await page.locator('#do-choose p.act button').click();
      await sheet.getByText('已留存在这台设备上，尚未发送。有网络后').waitFor();
      await look(page, 'inspection-queued');
      line.dead = false;
      await page.context().setOffline(false);
      await page.waitForURL(/\?done=\d+$/);
      await page.goto(address);
      assert.match(await shown(page), /已办结/);
    }),
  );

/** What the pages of the order lead anybody to, in a folder. */
async function fetched(page, order) {
  await page.goto(order);
  await lookAround(page, 'inspection-order');
  const said = await shown(page);
  assert.ok(said.includes('当场改正') && said.includes(SEEN), said);
  const links = await page.locator('main a[href^="/draws/"]').evaluateAll((all) => all.map((a) => a.href));
  const names = links.map((link) => link.split('/').pop());
  assert.deepEqual(names, ['digest.txt', 'lists.txt', 'draw.txt', 'draw_again.py']);
  for (const link of links) {
    const answer = await page.request.get(link);
    assert.equal(answer.status(), 200, link);
    await writeFile(join(folder, link.split('/').pop()), await answer.body());
  }
}

/** Whether the published program draws the same from the files in the folder. */
const again = (lists = 'lists.txt') =>
  run('python3', ['draw_again.py', lists, 'draw.txt'], { cwd: folder }).then(
    () => true,
    (fault) => (assert.equal(fault.code, 1, fault.stderr), false),
  );

test('who is drawn is visited, and anybody draws the same again', () =>
  withPage({ language: 'zh' }, async (page) => {
    const name = `抽查诊所${Date.now() % 100000}（虚构）`;
    const clinic = await openClinic(page, name, '示例路 86 号（虚构）');
    await signIn(page, INSPECTOR);
    const { classed, conflicted } = await prepare(page, clinic);
    const { digest, order } = await drawn(page, clinic);
    await visit(order);
    await page.context().clearCookies({ name: 'session' });
    await fetched(page, order);

    const [lists, draw] = await Promise.all(
      ['lists.txt', 'draw.txt'].map((own) => readFile(join(folder, own), 'utf8')),
    );
    assert.equal(await readFile(join(folder, 'digest.txt'), 'utf8'), digest);
    await run('sha256sum', ['-c', 'digest.txt'], { cwd: folder });
    assert.ok(await again(), 'drawn again it is the same');
    assert.ok(lists.includes(`conflict\t${conflicted}\t${classed}\t${CONFLICT}`), lists);
    const sent = draw.split('\n').filter((own) => own.startsWith(`sent\t${classed}\t`));
    assert.equal(sent.length, 4, 'two of health, one each of the others');
    assert.ok(!sent.some((own) => own.endsWith(`\t${conflicted}`)), 'who has a conflict stays away');
    await writeFile(join(folder, 'bent.txt'), lists.replace(CONFLICT, '无（虚构）'));
    assert.ok(!(await again('bent.txt')), 'other lists are found out');
  }));
