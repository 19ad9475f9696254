// Full-page pictures of our pages in both languages, on a desktop and on a phone, to be looked at.
// usage: YIYANG_BIN=path/to/yiyang node screens.mjs FOLDER PATH…           a server of our own
//        YIYANG_URL=http://127.0.0.1:8080 node screens.mjs FOLDER PATH…    a running one
// A PATH is what follows the language in an address: `/`, `/plan`.
// YIYANG_COOKIE=name=value looks as somebody who is signed in.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LANGUAGES, WIDTHS, launch, openPage } from './browser.mjs';
import { withServer } from './server.mjs';

const [folder, ...paths] = process.argv.slice(2);
if (!folder || paths.length === 0) {
  console.error('usage: node screens.mjs FOLDER PATH…');
  process.exit(2);
}

function name(path, language, width) {
  const words = path.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return `${words.join('-') || 'front'}.${language}.${width}.png`;
}

async function signIn(page, url) {
  const [cookie, ...value] = (process.env.YIYANG_COOKIE ?? '').split('=');
  if (cookie) await page.context().addCookies([{ name: cookie, value: value.join('='), url }]);
}

/** Takes one picture; true when the server answered the page well. */
async function picture(browser, url, path, language, width) {
  const page = await openPage(browser, url, { language, width });
  await signIn(page, url);
  const answer = await page.goto(path === '/' ? `/${language}` : `/${language}${path}`, {
    waitUntil: 'networkidle',
  });
  const file = join(folder, name(path, language, width));
  await page.screenshot({ path: file, fullPage: true });
  await page.context().close();
  console.log(`${answer.status()} ${file}`);
  return answer.ok();
}

async function pictures(url) {
  await mkdir(folder, { recursive: true });
  const browser = await launch();
  let good = true;
  try {
    for (const path of paths)
      for (const language of Object.keys(LANGUAGES))
        for (const width of Object.keys(WIDTHS))
          good = (await picture(browser, url, path, language, width)) && good;
  } finally {
    await browser.close();
  }
  return good;
}

const running = process.env.YIYANG_URL;
const good = running ? await pictures(running) : await withServer(pictures);
process.exitCode = good ? 0 : 1;
