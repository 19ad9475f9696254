// A planner and the layout plan of the city: how people are served today, on a map and in tables; terms
// that cannot be; a search that is followed while it goes on; the draft, put on file, with its years, its
// files and its proof. While drafts are made nobody else reads any of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { going, lookAround, shown } from './people.mjs';
import { ended, plansCity, putsOnFile, searches } from './planning.mjs';

const MAP = '#plan-map';
const TERMS = { reach: '5000', 'year-1': '2027', 'money-1': '30000', until: '2035', seconds: '10' };

/** Holds that the page says something; the page itself is too long to be told. */
const says = async (page, sought) => assert.ok(sought.test(await shown(page)), `${sought} at ${page.url()}`);

/** What a file of a draft is, and how it begins. */
const FILES = [
  [/plan\.xlsx$/, 'PK'],
  [/report\.pdf$/, '%PDF'],
  [/draft-1\.txt$/, 'layout draft 1'],
  [/survey\.txt$/, 'layout survey 1'],
  [/verify_draft\.py$/, '"""'],
  [/draft-1\.geojson$/, '{'],
];

/** How well people reach care, by a measure and with the draft beside today; back on the draft. */
async function reaches(page) {
  const draft = page.url();
  await page.getByRole('link', { name: '床位可达性' }).click();
  await says(page, /E2SFCA[\s\S]*Luo and Y. Qi[\s\S]*草案 1：2027[\s\S]*平均值[\s\S]*不论是否已有人入住/);
  await page.locator('#reach-map summary').scrollIntoViewIfNeeded();
  await page.locator('#reach-map[data-standing="drawn"]').waitFor();
  await lookAround(page, 'layout-reach');
  // The homes are extended, so that whoever reaches them has more; the sketch is drawn for both times.
  const [, today, then] = (await shown(page)).match(/平均值\s+([\d.]+)\s+([\d.]+)/);
  assert.ok(Number(then) > Number(today), `${today} today and ${then} then`);
  await page.locator('#reach-map input[value="before"]').check();
  await page.locator('#reach-map[data-standing="drawn"]').waitFor();
  assert.equal(await page.locator('#reach-map svg [data-map-group="met"] use').count(), 349);

  await page.locator('#measure').selectOption('raam');
  await page.locator('#minutes').fill('0');
  await going(page, page.locator('main form button'));
  await says(page, /1369[\s\S]*整数/);
  await page.locator('#minutes').fill('30');
  await going(page, page.locator('main form button'));
  await says(page, /RAAM[\s\S]*Saxon and D. Snow[\s\S]*草案 1：2027/);
  assert.match(page.url(), /measure=raam&minutes=30&then=1-2027/);
  await lookAround(page, 'layout-reach-raam');
  await page.goto(draft);
}

test('a planner draws up a draft of the city’s plan and puts it on file', () =>
  // A form that is refused comes back with 422, which the browser tells as a fault.
  withPage({ graphics: true, forgive: /422/ }, async (page) => {
    const number = await plansCity(page);
    await page.goto(`/zh/cases/${number}`);
    await page.getByRole('link', { name: '现状、地图和草案' }).click();
    assert.match(page.url(), new RegExp(`/zh/layouts/${number}$`));
    await says(page, /直线距离乘以绕行系数[^\n]*假定[\s\S]*老年人口\s+4298590/);
    await page.locator(`${MAP} summary`).scrollIntoViewIfNeeded();
    await page.locator(`${MAP}[data-standing="drawn"]`).waitFor();
    await lookAround(page, 'layout-plan');

    await searches(page, { ...TERMS, reach: '许多' });
    await says(page, /请填写整数/);
    await searches(page, { ...TERMS, floor: '100', 'money-1': '1' });
    await ended(page, '.govuk-error-summary');
    await says(page, /1364[\s\S]*不能同时满足/);
    await lookAround(page, 'layout-conflict');

    await page.goto(`/zh/layouts/${number}`);
    await searches(page, TERMS);
    await ended(page, 'form[action$="/file"] button');
    await says(page, /已证明/);
    await lookAround(page, 'layout-found');
    await putsOnFile(page);
    await page.getByRole('link', { name: '草案 1' }).click();
    await says(page, /逐年满足情况[\s\S]*2027/);
    await page.locator(`${MAP} summary`).scrollIntoViewIfNeeded();
    await page.locator(`${MAP}[data-standing="drawn"]`).waitFor();
    await lookAround(page, 'layout-draft');
    await reaches(page);
    for (const [name, begins] of FILES) {
      const links = await page.locator('ul.papers a').all();
      const hrefs = await Promise.all(links.map((link) => link.getAttribute('href')));
      const answer = await page.request.get(hrefs.find((href) => name.test(href)));
      assert.equal(answer.status(), 200, `${name}`);
      assert.equal((await answer.body()).subarray(0, begins.length).toString(), begins);
    }
    await page.context().clearCookies({ name: 'session' });
    for (const address of [`/zh/layouts/${number}`, `/layouts/${number}/draft-1.txt`])
      assert.equal((await page.request.get(address)).status(), 404, address);
  }));
