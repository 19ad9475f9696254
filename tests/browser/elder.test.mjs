// An older person looks a clinic up on a phone, in large type: the switch on the first page holds on
// every page after it; letters are as large as promised, targets as wide, and nothing scrolls sideways.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WIDTHS, withPage } from './browser.mjs';
import { going, look, openClinic } from './people.mjs';

/** 18 points, of which 互联网网站适老化通用设计规范 makes the least size of text. */
const TEXT_MIN = 24;
/** The side of what is touched, in CSS pixels. */
const TARGET_MIN = 44;

/** What a page in large type says about itself. */
function measured(page) {
  return page.evaluate(
    ([textMin, targetMin]) => {
      const seen = (node) => node.checkVisibility({ visibilityProperty: true });
      const text = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
      const words = (node) => [...node.childNodes].some(text);
      const named = (node) => `${node.tagName}.${node.className} ${node.innerText.slice(0, 30)}`;
      const hidden = (node) => node.closest('.govuk-visually-hidden, .govuk-skip-link, svg');
      const size = (node) => parseFloat(getComputedStyle(node).fontSize);
      const texts = [...document.querySelectorAll('main *')].filter(
        (node) => words(node) && seen(node) && !hidden(node) && size(node) < textMin,
      );
      const touched =
        'button, input:not([type="hidden"]), select, summary, header a, footer a, .govuk-button';
      const choice = '.pick, .govuk-radios__item, .govuk-checkboxes__item';
      const targets = [...document.querySelectorAll(touched)].filter((node) => {
        // A choice is touched on its words, too.
        const box = (node.labels?.[0]?.closest(choice) ?? node).getBoundingClientRect();
        return seen(node) && !hidden(node) && Math.round(box.height) < targetMin;
      });
      return {
        wide: document.documentElement.scrollWidth,
        small: texts.map((node) => `${named(node)}: ${size(node)} px`),
        narrow: targets.map((node) => `${named(node)}: ${node.getBoundingClientRect().height} px`),
      };
    },
    [TEXT_MIN, TARGET_MIN],
  );
}

/** Adds to `wrong` what on the page is not as large type promises. */
async function large(page, name, wrong) {
  await look(page, `elder-${name}`);
  const html = await page.locator('html').getAttribute('class');
  if (!html.includes('app-large')) wrong.push(`${name} is not in large type`);
  const { wide, small, narrow } = await measured(page);
  if (wide > WIDTHS.phone.viewport.width) wrong.push(`${name} is ${wide} px wide`);
  wrong.push(...small.map((node) => `${name}, small text: ${node}`));
  wrong.push(...narrow.map((node) => `${name}, small target: ${node}`));
}

/** How large the letters of something are, in CSS pixels. */
const sizeOf = (page, what) =>
  page.locator(what).evaluate((node) => parseFloat(getComputedStyle(node).fontSize));

async function seek(page, box, text) {
  await page.locator(box).fill(text);
  await page.locator(box).press('Enter');
  await page.waitForURL(/search\?q=/);
}

for (const language of ['zh', 'en'])
  test(`an older person looks a clinic up in large type, in ${language}`, () =>
    withPage({ language, width: 'phone' }, async (page) => {
      const wrong = [];
      // A clinic of its own: what the demonstration has depends on the day.
      const [name, room] = { zh: ['梅岚诊所（虚构）', 63], en: ['竹青诊所（虚构）', 64] }[language];
      const opened = await openClinic(page, name, `示例路 ${room} 号（虚构）`);
      const { register, key, fields } = opened;
      await page.goto(`/${language}/`);
      const before = await sizeOf(page, 'main h1');
      await going(page, page.locator('.app-header a.look'), 'tap');
      assert.equal(new URL(page.url()).pathname, `/${language}/`, 'not back on the page');
      const after = await sizeOf(page, 'main h1');
      assert.ok(after > before, `the heading has ${after} px, and had ${before}`);
      await large(page, `home-${language}`, wrong);

      // Two characters of its name, then pinyin.
      const address = `/${language}/registers/${register}/${key}`;
      const entry = page.locator(`main a[href^="${address}"]`).first();
      await seek(page, '#search-q', fields.name.slice(0, 2));
      await large(page, `two-${language}`, wrong);
      await entry.waitFor();
      await seek(page, '#q', 'zhensuo');
      await entry.waitFor();
      await large(page, `pinyin-${language}`, wrong);
      await going(page, entry, 'tap');
      assert.ok((await page.locator('main').innerText()).includes(fields.name));
      await large(page, `entry-${language}`, wrong);
      // On its certificate, and what the code on that leads to.
      await going(page, page.locator('main a[href*="/certificates/"]').first(), 'tap');
      await page.locator('.certificate').waitFor();
      await large(page, `certificate-${language}`, wrong);
      await going(page, page.locator('.app-check a'), 'tap');
      await page.locator('main .done').waitFor();
      await large(page, `verify-${language}`, wrong);

      // And back to the usual size, on the page one is on.
      const here = page.url();
      await going(page, page.locator('.app-header a.look'), 'tap');
      assert.equal(page.url(), here);
      assert.ok(!(await page.locator('html').getAttribute('class')).includes('app-large'));
      assert.deepEqual(wrong, []);
    }));
