// A Chinese applicant has a hospital licensed from a phone: written as a draft, sent back once for a
// paper, then looked at by eight departments at once. Every day is accounted for, also those on which
// the clock stood still.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { asA, begin, fill, handInPapers, press, sign, toCheck } from './drafting.mjs';
import { answer, choose, going, look, officersOf, paper, shown, signIn } from './people.mjs';

const PERSON = 'person-08';
const NAME = '手机晴木医院（虚构）';
const PLACE = '东城区';
const HEALTH = '卫生健康行政部门';
const GROUND = '用房证明只有第一页，请补交全部页面';

/** The departments that measure 2 names; the district has more offices than these. */
const DEPARTMENTS = [
  '发展和改革部门',
  HEALTH,
  '中医药主管部门',
  '规划和自然资源部门',
  '生态环境部门',
  '民政部门',
  '住房和城乡建设部门',
  '市场监督管理部门',
];

const TOPICS = [
  {
    'institution.name': NAME,
    'institution.kind': 'general-hospital',
    'institution.level': 'second',
    'institution.ownership': 'for-profit',
    'institution.funding': 'private',
    'institution.scope': '03',
    'institution.beds': '120',
    'institution.health-staff': '130',
    'institution.waste-water': 'yes',
    'institution.liability': 'yes',
  },
  { 'premises.division': '110101001', 'premises.address': '示例路 88 号（虚构）' },
  {
    'institution-lead.name': '林青（虚构）',
    'institution-lead.resident-id': '110101190305170009',
    'institution-lead.qualification': 'health-professional',
    'institution-lead.certificate': '虚构-0003',
  },
];

/** The page is no wider than the phone. */
async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${page.url()} is ${wide} px wider than the phone`);
}

async function write(page) {
  const draft = await begin(page, 'zh', 'institution-licence');
  await fits(page);
  await look(page, 'joint-tasks');
  await page.goto(`${draft}/who`);
  await fill(page, asA('organisation'));
  await press(page, 'continue');
  for (const topic of TOPICS) {
    await fill(page, topic);
    await fits(page);
    await look(page, `joint-topic-${Object.keys(topic)[0].split('.')[0]}`);
    await press(page, 'continue');
  }
  await handInPapers(page, true);
  await toCheck(page, NAME);
  await fits(page);
  await look(page, 'joint-check');
  const number = await sign(page, '林青', (name) => look(page, `joint-${name}`));
  await fits(page);
  await look(page, 'joint-filed');
  return `/zh/cases/${number}`;
}

/** The office that takes it in asks for a paper; the clock stops until it is there. */
async function askForMore(page, officer, address) {
  await signIn(page, officer);
  await page.goto(address);
  await page.locator('form[action$="/choose"] details:has(#items-choose) summary').click();
  await page.locator('input[name="items"][value="premises-title"]').check();
  await choose(page, 'incomplete', GROUND);
}

/** The applicant is told why, and hands it in. */
async function supply(page, address) {
  await signIn(page, PERSON);
  await page.goto('/zh/messages');
  const told = page.locator('.moj-timeline__item').first();
  assert.ok((await told.innerText()).includes('您的申请需要补正'), await told.innerText());
  await look(page, 'joint-messages');
  await told.getByRole('button').click();
  await page.waitForURL(`**${address}`);
  const said = await shown(page);
  assert.ok(said.includes(GROUND), said);
  const next = await page.locator('section.next').innerText();
  assert.ok(next.includes('提交缺少的材料') && next.includes(GROUND), next);
  await fits(page);
  await look(page, 'joint-supplement');
  await page.locator('section.next a[href$="#do-supply"]').click();
  const form = page.locator('#do-supply');
  await form.locator('input[type="file"]').setInputFiles(paper('premises-title'));
  await going(page, form.locator('button').last());
  assert.equal(await form.count(), 0, 'it is asked for again');
}

/** The account of a term tells when its clock stopped and why, and by which notice. */
async function stopShown(page, title, address) {
  const summary = page.locator('summary', { hasText: title });
  await summary.click();
  const account = page.locator('details').filter({ has: summary });
  const said = await account.innerText();
  assert.match(said, /中止计算：补正通知/, said);
  assert.match(said, /恢复计算/, said);
  const notice = account.locator('.moj-timeline__item', { hasText: '中止计算' }).locator('a');
  assert.ok((await notice.getAttribute('href')).startsWith(address), 'the notice is not linked');
  const accounts = await (await page.request.get(`/api${address.slice(3)}/days`)).json();
  const halts = accounts.flatMap((one) => one.halts);
  assert.ok(halts.some((halt) => halt.why === 'supplement'), JSON.stringify(accounts));
}

test('a hospital is licensed from a phone, with a supplement and eight departments', () =>
  withPage({ language: 'zh', width: 'phone' }, async (page) => {
    const by = await officersOf(page, PLACE);
    await signIn(page, PERSON);
    const address = await write(page);
    await askForMore(page, by[HEALTH], address);
    await supply(page, address);

    await signIn(page, by[HEALTH]);
    await page.goto(address);
    await choose(page, 'accepted');
    for (const office of DEPARTMENTS) {
      await signIn(page, by[office]);
      await page.goto('/zh/inbox');
      await page.locator(`main a[href="${address}"]`).first().click();
      await fits(page);
      await answer(page, 'agrees');
    }
    await signIn(page, by[HEALTH]);
    await page.goto(address);
    await look(page, 'joint-officer');
    await choose(page, 'good');

    await signIn(page, PERSON);
    await page.goto(address);
    assert.ok((await shown(page)).includes('准予您的医疗机构设置并执业登记'));
    await fits(page);
    await look(page, 'joint-granted');
    await page.goto(`${address}/days`);
    await fits(page);
    await stopShown(page, '环节时限：受理', address);
    await look(page, 'joint-days');
  }));
