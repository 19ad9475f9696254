// An older person looks something up on a narrow phone: two characters, pinyin, nearby, as of a day,
// and in vain.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { withPage } from './browser.mjs';
import { openClinic } from './people.mjs';

const NARROW = { width: 360, height: 740 };

/** A picture where `$YIYANG_SHOTS` says so, to be looked at. */
async function look(page, name) {
  const folder = process.env.YIYANG_SHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= NARROW.width, `scrolls sideways: ${wide} px`);
}

for (const language of ['zh', 'en'])
  test(`an older person looks a clinic up on a phone, in ${language}`, () =>
    withPage({ language, width: 'phone' }, async (page) => {
      await page.setViewportSize(NARROW);
      // A clinic of its own: what the demonstration has depends on the day.
      const [name, room] = { zh: ['云溪诊所（虚构）', 61], en: ['川柏诊所（虚构）', 62] }[language];
      const opened = await openClinic(page, name, `示例路 ${room} 号（虚构）`);
      const { register, key, fields } = opened;
      const entry = `/${language}/registers/${register}/${key}`;
      const link = page.locator(`a[href^="${entry}"]`).first();
      const seek = async (text) => {
        await page.locator('#q').fill(text);
        await page.locator('#q').press('Enter');
        await page.waitForURL(/q=/);
        await fits(page);
      };

      // From the first page, by two characters; then by the whole name, which comes first.
      await page.goto(`/${language}/`);
      await page.locator('#search-q').fill(fields.name.slice(0, 2));
      await page.locator('#search-q').press('Enter');
      await page.waitForURL(/search\?q=/);
      assert.equal(await page.locator('#q').inputValue(), fields.name.slice(0, 2));
      await fits(page);
      await look(page, `search-two-${language}`);
      await seek(fields.name);
      await link.waitFor();

      // Pinyin, in whatever reading: the characters' own readings are not repeated here.
      await seek('zhensuo');
      assert.ok((await page.locator('main h3').count()) > 0, 'pinyin finds nothing');

      // On its page: where it is, in a drawing and in words, and what is near.
      await page.goto(entry);
      await page.locator('svg[role="img"]').waitFor();
      await fits(page);
      await look(page, `entry-map-${language}`);
      await page.locator('section.map a[href*="near="]').click();
      await page.waitForURL(/near=/);
      await link.waitFor();
      await fits(page);
      await look(page, `search-near-${language}`);

      // Before anything was entered it is not found, and what to do next is said.
      await page.goto(`/${language}/search?q=${encodeURIComponent(fields.name)}&on=2010-01-01`);
      assert.equal(await page.locator('main h3').count(), 0);
      await seek('龘龘');
      assert.equal(await page.locator('main h3').count(), 0);
      assert.ok((await page.locator('main ul li').count()) > 2, 'no next steps');
      await look(page, `search-nothing-${language}`);

      // Too short is refused, and what was typed stays. (A page with that status is an error in the
      // browser's log, so it is asked for beside the page.)
      const refused = await page.request.get(`/${language}/search?q=1`);
      assert.equal(refused.status(), 422);
      const says = await refused.text();
      assert.ok(says.includes('value="1"') && says.includes('1361'), 'the text is not kept');
    }));
