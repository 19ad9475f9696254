// What a planner does with a layout plan: finds it, types the terms of a draft, waits for what the
// search finds, and puts it on file.

import assert from 'node:assert/strict';
import { going, officerOf, signIn } from './people.mjs';

/** Who plans for the whole city. */
const PLANNER = officerOf('planning', '11');
/** How long a search may take in these walks. */
const SEARCH = 60_000;

/** Signs the planner in; the number of the case that plans for the whole city. */
export async function plansCity(page) {
  await signIn(page, PLANNER);
  const answer = await page.request.get('/api/registers/layout-plan');
  const { entries } = await answer.json();
  const whole = entries.find(({ fields }) => fields.scope === 'city');
  assert.ok(whole, 'the demonstration has no plan of the whole city');
  return whole.key.split('-').at(-1);
}

/** Types terms and begins a search. */
export async function searches(page, terms, what = 'draft') {
  for (const [name, value] of Object.entries(terms)) {
    const field = page.locator(`[name="${name}"]`);
    const list = await field.evaluate((own) => own.tagName === 'SELECT');
    await (list ? field.selectOption(value) : field.fill(value));
  }
  await going(page, page.locator(`button[name="what"][value="${what}"]`));
}

/** Waits until the page says that the search has ended, as it does by itself. */
export const ended = (page, sought) => page.locator(sought).waitFor({ timeout: SEARCH });

/** Puts what was found on file. */
export async function putsOnFile(page) {
  await ended(page, 'form[action$="/file"] button');
  await going(page, page.locator('form[action$="/file"] button'));
}
