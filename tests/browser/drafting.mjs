// An application, one topic a page, as people write it: begun, filled in, papers handed in, checked
// and signed. Nothing here needs scripts to find a button.

import assert from 'node:assert/strict';
import { paper, shown } from './people.mjs';

/** Presses a button by the keyboard, which needs no script to find out where it is. */
export async function enter(page, button) {
  const gone = page.waitForEvent('framenavigated');
  await button.focus();
  await page.keyboard.press('Enter');
  await gone;
  await page.waitForLoadState();
}

export const press = (page, word) =>
  enter(page, page.locator(`button[name="do"][value="${word}"]`).last());

/** Begins a draft for a procedure and returns its address. */
export async function begin(page, language, procedure) {
  await page.goto(`/${language}/apply/${procedure}`);
  return start(page);
}

/** Begins the draft that the page offers. */
export async function start(page) {
  await enter(page, page.locator('main form button'));
  await page.waitForURL(/\/drafts\/[0-9a-f]{32}$/);
  return new URL(page.url()).pathname;
}

/** Fills in the topic that is open, by names of fields. */
export async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[name="${name}"]`).first();
    const kind = (await field.getAttribute('type')) ?? '';
    if (kind === 'radio' || kind === 'checkbox')
      await page.locator(`[name="${name}"][value="${value}"]`).check({ force: true });
    else if ((await field.evaluate((node) => node.tagName)) === 'SELECT')
      await field.selectOption(value);
    else await field.fill(value);
  }
}

/** Who applies, for themselves. */
export const asA = (kind) => ({ 'applicant:kind': kind, 'for:as': 'own' });

/** Hands in every paper that is asked for, one page each, until another topic comes. */
export async function handInPapers(page, scripts, made = paper) {
  while (/\/paper-/.test(page.url())) {
    const input = page.locator('input[type="file"]');
    const name = await input.getAttribute('name');
    await input.setInputFiles(await made(name));
    if (scripts) await page.locator('.govuk-summary-list__value a').first().waitFor();
    await press(page, 'continue');
  }
}

/** Goes on from where every topic is answered to the page on which the answers are checked. */
export async function toCheck(page, name) {
  while (!page.url().endsWith('/check')) await press(page, 'continue');
  assert.ok((await shown(page)).includes(name), 'the answers are not shown');
}

/** Signs what was checked; a double click files one case, whose number it returns. */
export async function sign(page, name, look = () => {}) {
  await enter(page, page.locator('main a[href$="/sign"]'));
  await page.locator('#sign-name').fill(name);
  await page.locator('#sign-agree').check({ force: true });
  await look('draft-sign');
  await page.locator('main form button').dblclick({ force: true });
  await page.waitForURL(/\/filed$/);
  const number = await page.locator('.govuk-panel__body strong').innerText();
  assert.match(number, /^\d+$/);
  return number;
}
