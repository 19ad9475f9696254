// A Chinese applicant has a hospital licensed from a phone: written as a draft, sent back once for a
// paper, then looked at by eight departments at once. One objects; a refusal is intended, so a hearing
// is offered, asked for and held (行政许可法 articles 46 to 48), and the licence is granted after it.
// Every day is accounted for, also those on which the clock stood still.

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
const OBJECTING = '生态环境部门';
const OBJECTION = '现场未见污水处理设施';
const INTENDED = '生态环境部门认为没有污水处理设施';
const RECORD = '听证笔录附后：申请人出示了污水处理设施的验收报告';

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
  await look(page, 'joint-messages');
  await told(page, address, '您的申请需要补正');
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

/** The message that came last, opened: the case it is about. */
async function told(page, address, title) {
  await page.goto('/zh/messages');
  const last = page.locator('.moj-timeline__item').first();
  assert.ok((await last.innerText()).includes(title), await last.innerText());
  await going(page, last.getByRole('button'));
  assert.equal(new URL(page.url()).pathname, address);
}

/** The applicant is told why a refusal is intended, what saying nothing means, and asks to be heard. */
async function askToBeHeard(page, address) {
  await signIn(page, PERSON);
  await told(page, address, '您的办件等您答复');
  const next = page.locator('section.next');
  const said = await next.innerText();
  for (const part of ['听证告知', INTENDED, '申请听证', '逾期未答复，视为：放弃听证'])
    assert.ok(said.includes(part), `${part}: ${said}`);
  assert.match(said, /截至 \d{4}-\d\d-\d\d（还有 \d+ 天）/);
  assert.equal(await page.locator('#do-withdraw').count(), 0, 'what is to be heard is not withdrawn');
  await fits(page);
  await look(page, 'joint-hearing-offered');
  await next.locator('a[href$="#do-choose"]').click();
  await choose(page, 'asked');
  const standing = await page.locator('.standing').innerText();
  assert.match(standing, /办理中：听证[^]*还有 \d+ 天/);
  await fits(page);
  await look(page, 'joint-hearing-asked');
}

/** While it is heard, the time does not count, and the account says so. */
async function heldForHearing(page, address) {
  await page.goto(`${address}/days`);
  await fits(page);
  const said = await shown(page);
  assert.match(said, /环节时限：听证\s/);
  assert.match(said, /时限现已中止；恢复计算时再确定截止日期/);
  await look(page, 'joint-hearing-days');
  const halts = await haltsOf(page, address);
  const open = halts.filter((halt) => halt.ground === 'hearing' && !halt.until);
  assert.deepEqual([...new Set(open.map((halt) => halt.step))], ['hearing'], JSON.stringify(halts));
}

/** The hearing is held and recorded, and what was said there settles it. */
async function hear(page, officer, address) {
  await signIn(page, officer);
  await page.goto('/zh/inbox');
  await going(page, page.locator(`main a[href="${address}"]`).first());
  assert.match(await page.locator('.standing').innerText(), /办理中：听证[^]*截[^]*还有 \d+ 天/);
  await fits(page);
  await choose(page, 'held');
  assert.match(await page.locator('.govuk-error-summary').innerText(), /理由/);
  await look(page, 'joint-hearing-unrecorded');
  await choose(page, 'held', RECORD);
  const said = await shown(page);
  assert.ok(said.includes(RECORD) && said.includes('办理中：听证后审定'), said);
  await fits(page);
  await look(page, 'joint-hearing-held');
  await choose(page, 'good');
}

/** Every time that a clock of the case stood still. */
async function haltsOf(page, address) {
  const accounts = await (await page.request.get(`/api${address.slice(3)}/days`)).json();
  return accounts.flatMap((one) => one.halts);
}

/** The account of a term tells when its clock stopped and why, and by which entry. */
async function stopShown(page, title, why, address) {
  const summary = page.locator('summary', { hasText: title });
  await summary.click();
  const account = page.locator('details').filter({ has: summary });
  const said = await account.innerText();
  assert.ok(said.includes(`中止计算：${why}`), said);
  assert.match(said, /恢复计算/, said);
  const stop = account.locator('.moj-timeline__item', { hasText: `中止计算：${why}` }).locator('a');
  assert.ok((await stop.first().getAttribute('href')).startsWith(address), 'the entry is not linked');
}

/** Each department in turn, by the officer of the district's office; one objects. */
async function opinions(page, by, address) {
  for (const office of DEPARTMENTS) {
    await signIn(page, by[office]);
    await page.goto('/zh/inbox');
    await page.locator(`main a[href="${address}"]`).first().click();
    await fits(page);
    if (office === OBJECTING) await answer(page, 'objects', OBJECTION);
    else await answer(page, 'agrees');
  }
}

const HEARING = '听证（听证）';

// What was sent without a record is refused; a browser notes that on its console.
const LOOK = { language: 'zh', width: 'phone', forgive: /422/ };

test('a hospital is licensed from a phone, with a supplement, eight departments and a hearing', () =>
  withPage(LOOK, async (page) => {
    const by = await officersOf(page, PLACE);
    await signIn(page, PERSON);
    const address = await write(page);
    await askForMore(page, by[HEALTH], address);
    await supply(page, address);

    await signIn(page, by[HEALTH]);
    await page.goto(address);
    await choose(page, 'accepted');
    await opinions(page, by, address);
    await signIn(page, by[HEALTH]);
    await page.goto(address);
    assert.ok((await page.locator('#opinions + table').innerText()).includes(OBJECTION));
    await look(page, 'joint-officer');
    await choose(page, 'hearing', INTENDED);
    await askToBeHeard(page, address);
    await heldForHearing(page, address);
    await hear(page, by[HEALTH], address);

    await signIn(page, PERSON);
    await page.goto(address);
    assert.ok((await shown(page)).includes('准予您的医疗机构设置并执业登记'));
    await fits(page);
    await look(page, 'joint-granted');
    await page.goto(`${address}/days`);
    await fits(page);
    await stopShown(page, '环节时限：受理', '补正通知', address);
    await stopShown(page, '法定办结时限', HEARING, address);
    await look(page, 'joint-days');
    const halts = await haltsOf(page, address);
    assert.ok(halts.some((halt) => halt.why === 'supplement'), JSON.stringify(halts));
    const heard = halts.filter((halt) => halt.ground === 'hearing');
    assert.ok(heard.length > 0 && heard.every((halt) => halt.until), JSON.stringify(halts));
  }));
