// Debian's Chromium, told to stay off the network, and pages in the two languages and two widths
// that people read ours in.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** What lets a browser draw in three dimensions without a device for it. */
const GRAPHICS = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

export const LANGUAGES = { zh: 'zh-CN', en: 'en-GB' };
export const WIDTHS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

/** A browser; one that draws in three dimensions, or cannot, where `graphics` says so. */
export function launch({ graphics } = {}) {
  const executablePath = process.env.YIYANG_CHROMIUM ?? '/usr/bin/chromium';
  const flags = FLAGS.filter((flag) => !graphics || flag !== '--disable-gpu');
  const more = { true: GRAPHICS, false: ['--disable-3d-apis'] }[graphics] ?? [];
  const args = [...flags, ...more];
  return chromium.launch({ executablePath, headless: true, args });
}

/** A page as one reader sees it. `url` is the server's; paths are relative to it. */
export async function openPage(browser, url, look = {}) {
  const { language = 'zh', width = 'desktop', scripts = true } = look;
  const context = await browser.newContext({
    baseURL: url,
    locale: LANGUAGES[language],
    timezoneId: 'Asia/Shanghai',
    javaScriptEnabled: scripts,
    // Whoever asks for less motion has none to wait for.
    reducedMotion: 'reduce',
    ...WIDTHS[width],
  });
  return context.newPage();
}

/**
 * Runs `act(page)` on a new page of the server under test, or of the one at `url`. Fails, too, when
 * the page logs an error, a script throws, or anything is asked of another host. What `forgive`
 * matches is meant.
 */
export async function withPage({ forgive, graphics, url = process.env.YIYANG_URL, ...look }, act) {
  assert.ok(url, 'run these tests with `node run.mjs`, which starts the server');
  const browser = await launch({ graphics });
  try {
    const page = await openPage(browser, url, look);
    const faults = watched(page, url);
    await act(page);
    assert.deepEqual(faults.filter((fault) => !forgive?.test(fault)), []);
  } finally {
    await browser.close();
  }
}

function watched(page, url) {
  const faults = [];
  page.on('pageerror', (fault) => faults.push(`script: ${fault.message}`));
  // The design library reports a part it cannot start as a plain line, not as an error.
  const wrong = (said) => said.type() === 'error' || said.text().includes('ElementError');
  page.on('console', (said) => wrong(said) && faults.push(`console: ${said.text()}`));
  page.on('request', (request) => {
    const asked = request.url();
    // The browser shows a PDF with parts of its own.
    const own = asked.startsWith(`${url}/`) || /^(data|chrome|chrome-extension):/.test(asked);
    if (!own) faults.push(`another host: ${asked}`);
  });
  return faults;
}
