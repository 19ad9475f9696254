// One application, eight departments at once, one licence: through the pages, in Chinese, by the
// applicant and one officer of each department of Dongcheng in turn.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { answer, choose, officersOf, paper, send, shown as text, signIn } from './people.mjs';

const NAME = '试验晴木医院（虚构）';

const PAPERS = [
  'application',
  'feasibility-study',
  'site-report',
  'building-plan',
  'premises-title',
  'capital-proof',
  'rules',
  'staff-list',
];

// The eight that measure 2 names; the district has more offices than these.
const DEPARTMENTS = [
  '发展和改革部门',
  '卫生健康行政部门',
  '中医药主管部门',
  '规划和自然资源部门',
  '生态环境部门',
  '民政部门',
  '住房和城乡建设部门',
  '市场监督管理部门',
];

async function fillIn(page) {
  await page.locator('input[name="applicant:kind"][value="organisation"]').check();
  const fill = (name, text) => page.locator(`[name="${name}"]`).fill(text);
  const check = (name, value) => page.locator(`[name="${name}"][value="${value}"]`).check();
  await fill('institution.name', NAME);
  await check('institution.kind', 'general-hospital');
  await check('institution.level', 'second');
  await check('institution.ownership', 'for-profit');
  await check('institution.funding', 'private');
  await check('institution.scope', '03');
  await fill('institution.beds', '120');
  await fill('institution.health-staff', '130');
  await check('institution.waste-water', 'yes');
  await check('institution.liability', 'yes');
  await page.locator('[name="premises.division"]').selectOption('110101001');
  await fill('premises.address', '示例路 18 号（虚构）');
  await fill('institution-lead.name', '林青（虚构）');
  await fill('institution-lead.resident-id', '110101190305170009');
  await check('institution-lead.qualification', 'health-professional');
  await fill('institution-lead.certificate', '虚构-0002');
  for (const name of PAPERS)
    await page.locator(`input[type="file"][name="${name}"]`).setInputFiles(paper(name));
}

test('eight departments look at one application, and one licence is issued', () =>
  withPage({ language: 'zh' }, async (page) => {
    const by = await officersOf(page, '东城区');
    const health = by['卫生健康行政部门'];
    const departments = Object.entries(by).filter(([office]) => DEPARTMENTS.includes(office));
    assert.equal(departments.length, 8, JSON.stringify(by));

    await signIn(page, 'person-03');
    await page.goto('/zh/apply/institution-licence/whole');
    await fillIn(page);
    await send(page);
    assert.match(page.url(), /\/zh\/cases\/\d+/);
    const address = new URL(page.url()).pathname;

    await signIn(page, health);
    await page.goto(address);
    await choose(page, 'accepted');
    assert.equal(await page.getByText('尚未答复').count(), 8);
    for (const [, officer] of departments) {
      await signIn(page, officer);
      await page.goto('/zh/inbox');
      await page.locator(`main a[href="${address}"]`).first().click();
      await answer(page, 'agrees');
    }

    await signIn(page, health);
    await page.goto(address);
    assert.equal(await page.getByText('尚未答复').count(), 0);
    await choose(page, 'good');
    assert.ok((await text(page)).includes('医疗机构执业许可证'));
    await page.goto(`/zh/registers/medical-institution?q=${encodeURIComponent(NAME)}`);
    await page.locator('main').getByText(NAME).first().click();
    assert.ok((await text(page)).includes('执业中'));
    const papers = page.locator('a[href*="/certificates/"]');
    assert.equal(await papers.count(), 1, 'a licence, and no filing receipt');
    await papers.first().click();
    assert.ok((await text(page)).includes('东城区卫生健康委员会'));
  }));
