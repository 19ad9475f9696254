// A plan on a map: drawn from our own files alone, its layers, states and years switched, lines that show
// their place and places that lead to their line; without graphics and without scripts the sketch and the
// tables say the same.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LANGUAGES, WIDTHS, withPage } from './browser.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MAP = '#map-sample';

const within = (page, sought) => page.locator(`${MAP} ${sought}`);
const summary = (page) => within(page, 'summary');

/** A picture of the map and its tables where `$YIYANG_SHOTS` says so, to be looked at. */
async function look(page, name) {
  const folder = process.env.YIYANG_SHOTS;
  if (folder) await page.locator(MAP).screenshot({ path: join(folder, `${name}.png`) });
}

/** Waits until what was asked for is drawn. */
const drawn = (page) => page.locator(`${MAP}[data-standing="drawn"]`).waitFor();

/** A picture of the map alone. */
const picture = (page) => within(page, '[data-map-canvas]').screenshot({ animations: 'disabled' });

/** How many colours a picture has: a map that is not drawn has one. */
const colours = (page, bytes) =>
  page.evaluate(async (encoded) => {
    const image = new Image();
    image.src = `data:image/png;base64,${encoded}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const points = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
    return new Set(points).size;
  }, bytes.toString('base64'));

/** What axe finds wrong with the page. */
async function found(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Opens the gallery and brings its map into view; on a phone it is unfolded first. */
async function open(page, language, width) {
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`/${language}/components`);
  await page.waitForLoadState('networkidle');
  const heavy = () => asked.filter((path) => /maplibre|geojson/.test(path));
  assert.deepEqual(heavy(), [], 'a map that nobody looks at is loaded');
  if (width === 'phone') await summary(page).tap();
  await summary(page).scrollIntoViewIfNeeded();
  return heavy;
}

/** Does something and returns whether the picture changed. */
async function changes(page, act) {
  const before = await picture(page);
  await act();
  await drawn(page);
  return !before.equals(await picture(page));
}

/** Each layer is seen and is gone once it is switched off; so are the state before and the first year. */
async function switched(page) {
  for (const layer of await within(page, '[data-map-layer]').all()) {
    const name = await layer.getAttribute('data-map-layer');
    assert.ok(await changes(page, () => layer.uncheck()), `${name} is not drawn`);
    assert.ok(await changes(page, () => layer.check()), `${name} does not come back`);
  }
  const year = within(page, 'select');
  const [first, last] = await year.locator('option').allInnerTexts();
  assert.ok(await changes(page, () => year.selectOption(first)), `${first} looks like ${last}`);
  const before = within(page, '[value="before"]');
  assert.ok(await changes(page, () => before.check()), 'the plan changes nothing');
  assert.ok(await changes(page, () => year.selectOption(last)));
  assert.equal(await before.isChecked(), false, 'a year of the plan is shown as it is');
}

/** From a line to the map and back, by pointer and by keys. */
async function followed(page) {
  const row = within(page, '[data-map-row="s2"]');
  const name = await row.locator('[data-map-name]').innerText();
  await row.locator('[data-map-show]').press('Enter');
  const label = within(page, '.app-layout-map__label');
  await label.waitFor();
  assert.equal(await label.innerText(), name);
  assert.ok((await within(page, '[role="status"]').innerText()).includes(name));
  assert.match(await row.getAttribute('class'), /current/);
  const before = await label.boundingBox();
  await within(page, '[data-map-row="h2"] th').click({ position: { x: 4, y: 4 } });
  assert.equal(await row.getAttribute('class'), '');
  assert.notDeepEqual(await label.boundingBox(), before, 'the label stays where it was');
  await label.press('Enter');
  assert.equal(await focused(page), 'h2');
}

/** The line that has the focus. */
const focused = (page) => page.evaluate(() => document.activeElement.dataset.mapRow);

/** A place on the map leads to its line. */
async function pointed(page) {
  await within(page, '[data-map-row="s2"] [data-map-show]').click();
  const label = within(page, '.app-layout-map__label');
  const { x, y, width, height } = await label.boundingBox();
  // The sign is above or below its label, which hangs on to it by a corner or by its middle.
  const [, anchor] = /marker-anchor-(\S+)/.exec(await label.getAttribute('class'));
  const beside = anchor.endsWith('left') ? 0 : anchor.endsWith('right') ? width : width / 2;
  await page.mouse.click(x + beside, anchor.startsWith('top') ? y - 24 : y + height + 24);
  assert.equal(await focused(page), 's2');
}

const LOOKS = Object.keys(LANGUAGES).flatMap((language) =>
  Object.keys(WIDTHS).map((width) => [language, width]),
);
for (const [language, width] of LOOKS)
  test(`a plan is looked at on a map, in ${language} on a ${width}`, () =>
    withPage({ language, width, graphics: true }, async (page) => {
      const heavy = await open(page, language, width);
      await drawn(page);
      assert.ok(heavy().some((path) => path.endsWith('maplibre.js')), 'no library was loaded');
      const many = await colours(page, await picture(page));
      assert.ok(many > 8, `the map has ${many} colours`);
      await look(page, `map-${language}-${width}`);
      await switched(page);
      await followed(page);
      await pointed(page);
      await look(page, `map-shown-${language}-${width}`);
      const canvas = within(page, 'canvas');
      assert.ok((await canvas.getAttribute('aria-label')).length > 20);
      for (const act of ['closer', 'farther', 'whole'])
        await within(page, `[data-map-do="${act}"]`).click();
      assert.deepEqual(await found(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= WIDTHS[width].viewport.width, `${wide} px wide`);
    }));

test('without graphics the sketch does the same', () =>
  withPage({ language: 'en', graphics: false }, async (page) => {
    const heavy = await open(page, 'en', 'desktop');
    const status = within(page, '[role="status"]');
    await status.filter({ hasText: 'WebGL' }).waitFor();
    assert.ok(!heavy().some((path) => /maplibre/.test(path)), 'a library that cannot be used is loaded');
    const homes = within(page, '[data-map-group="home"]');
    await within(page, '[data-map-layer="home"]').uncheck();
    assert.equal(await homes.isVisible(), false);
    await within(page, '[data-map-layer="home"]').check();
    assert.equal(await homes.isVisible(), true);
    const area = within(page, '[data-map-group="met"] [data-map-key="a2"]');
    assert.equal(await area.getAttribute('href'), `${MAP}-met-4`);
    await within(page, '[value="before"]').check();
    assert.equal(await area.getAttribute('href'), `${MAP}-met-1`);
    assert.equal(await within(page, '[data-map-group="chosen"] [data-map-key="s1"]').isVisible(), false);
    await within(page, '[data-map-group="candidate"] [data-map-key="c1"]').click();
    assert.equal(await focused(page), 'c1');
    assert.equal(await within(page, '[data-map-do]').first().isVisible(), false);
    await look(page, 'map-no-graphics');
    assert.deepEqual(await found(page), []);
  }));

test('in large type the map and its tables stand one below the other', () =>
  withPage({ language: 'zh', graphics: true }, async (page) => {
    await page.goto('/zh/look?size=large&then=/zh/');
    await open(page, 'zh', 'desktop');
    await drawn(page);
    const [map, row] = [within(page, '.app-layout-map__view'), within(page, 'tbody tr').first()];
    const [above, below] = [await map.boundingBox(), await row.boundingBox()];
    assert.ok(above.y + above.height <= below.y, 'the table stands beside the map');
    await look(page, 'map-large');
    assert.deepEqual(await found(page), []);
  }));

for (const language of Object.keys(LANGUAGES))
  test(`without scripts the sketch and the tables say everything, in ${language}`, () =>
    withPage({ language, width: 'phone', scripts: false }, async (page) => {
      await page.goto(`/${language}/components`);
      assert.equal(await within(page, '.app-layout-map__sketch').isVisible(), true);
      for (const useless of ['input', 'select', 'button', '[data-map-canvas]'])
        for (const part of await within(page, useless).all())
          assert.equal(await part.isVisible(), false, `${useless} does nothing`);
      assert.equal(await within(page, '[data-map-row]').count(), 14);
      assert.ok((await within(page, 'svg title').textContent()).length > 10);
      await look(page, `map-no-scripts-${language}`);
    }));

const CONTRAST = { forcedColors: 'active', colorScheme: 'dark' };
for (const [name, media] of [['contrast', CONTRAST], ['paper', { media: 'print' }]])
  test(`on ${name} there is something to see`, () =>
    withPage({ language: 'zh', graphics: true }, async (page) => {
      await open(page, 'zh', 'desktop');
      await drawn(page);
      await page.emulateMedia(media);
      const sketch = await within(page, '.app-layout-map__sketch').isVisible();
      assert.equal(sketch, name === 'paper');
      await look(page, `map-${name}`);
    }));

test('the outlines of the districts are public, kept for a while, and in both languages', () =>
  withPage({ language: 'zh' }, async (page) => {
    const answer = await page.request.get('/outlines.geojson');
    assert.equal(answer.headers()['content-type'], 'application/geo+json');
    assert.match(answer.headers()['cache-control'], /max-age=3600/);
    const { type, features } = await answer.json();
    assert.equal(type, 'FeatureCollection');
    assert.ok(features.length > 5);
    for (const { geometry, properties } of features) {
      assert.ok(properties.zh && properties.en && properties.centre, JSON.stringify(properties));
      for (const [ring] of geometry.coordinates) assert.deepEqual(ring[0], ring.at(-1));
    }
  }));
