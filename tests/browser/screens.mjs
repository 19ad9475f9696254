// Full-page pictures of our pages in both languages, on a desktop, on a phone and in large type, to be
// looked at: every page, as those who may see it, or only those named.
// usage: YIYANG_BIN=path/to/yiyang node screens.mjs FOLDER [PATH…]           a server of our own
//        YIYANG_URL=http://127.0.0.1:8080 node screens.mjs FOLDER [PATH…]    a running one
// A PATH is what follows the language in an address: `/`, `/plan`.
// YIYANG_COOKIE=name=value looks at a PATH as somebody who is signed in.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LANGUAGES, WIDTHS, launch, openPage } from './browser.mjs';
import { everyPage } from './pages.mjs';
import { withServer } from './server.mjs';

const [folder, ...paths] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node screens.mjs FOLDER [PATH…]');
  process.exit(2);
}

/** How a page is looked at: a width, and perhaps large type. */
const LOOKS = [...Object.keys(WIDTHS).map((width) => ({ width })), { width: 'phone', large: true }];

function name(path, language, { width, large }) {
  const words = path.split(/[^\p{L}\p{N}]+/u).filter((word) => word && !/^[0-9a-f]{32}$/.test(word));
  return `${words.join('-').slice(0, 80) || 'front'}.${language}.${large ? 'large' : width}.png`;
}

async function signIn(page, url) {
  const [cookie, ...value] = (process.env.YIYANG_COOKIE ?? '').split('=');
  if (cookie) await page.context().addCookies([{ name: cookie, value: value.join('='), url }]);
}

/** A page as one reader sees it, in large type where that is asked for. */
async function opened(browser, url, language, { width, large }) {
  const page = await openPage(browser, url, { language, width });
  if (large) await page.goto(`/${language}/look?size=large&then=/${language}/`);
  return page;
}

/** Takes one picture. */
async function picture(page, path, language, how) {
  const file = join(folder, name(path, language, how));
  await page.screenshot({ path: file, fullPage: true });
  console.log(file);
}

/** Takes pictures of the pages named; true when the server answered each of them well. */
async function named(page, url, language, how) {
  await signIn(page, url);
  let good = true;
  for (const path of paths) {
    const answer = await page.goto(path === '/' ? `/${language}` : `/${language}${path}`);
    await page.waitForLoadState('networkidle');
    await picture(page, path, language, how);
    good = answer.ok() && good;
  }
  return good;
}

async function pictures(url) {
  await mkdir(folder, { recursive: true });
  const browser = await launch();
  let good = true;
  try {
    for (const language of Object.keys(LANGUAGES))
      for (const how of LOOKS) {
        const page = await opened(browser, url, language, how);
        const look = async (path) => {
          await page.waitForLoadState('networkidle');
          await picture(page, path, language, how);
        };
        if (paths.length > 0) good = (await named(page, url, language, how)) && good;
        else await everyPage(page, language, look);
        await page.context().close();
      }
  } finally {
    await browser.close();
  }
  return good;
}

const running = process.env.YIYANG_URL;
const good = running ? await pictures(running) : await withServer(pictures);
process.exitCode = good ? 0 : 1;
