// The first page is readable in both languages, on a desktop and on a phone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES, WIDTHS, withPage } from './browser.mjs';

for (const language of Object.keys(LANGUAGES))
  for (const width of Object.keys(WIDTHS))
    test(`the first page in ${language} on a ${width}`, () =>
      withPage({ language, width }, async (page) => {
        const answer = await page.goto('/');
        assert.equal(answer.status(), 200);
        assert.ok((await page.locator('html').getAttribute('lang')).startsWith(language));
        assert.equal(await page.locator('h1').count(), 1);
        const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(scroll <= WIDTHS[width].viewport.width, `scrolls sideways: ${scroll} px`);
      }));
