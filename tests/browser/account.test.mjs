// Accounts in a real browser: made, entered by password, by passkey and through another site's
// sign-in, kept out when guessed at, and given back a form that came too late. The other site is
// the real `oidc-provider`; the passkey is kept by Chromium's own virtual authenticator.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import Provider from 'oidc-provider';
import { launch, openPage } from './browser.mjs';
import { freePort, startServer } from './server.mjs';

const PASSWORD = 'seven grey herons at dusk';
const NUMBER = '11010519491231002X';
const CLIENT = 'yiyang';
const SECRET = 'a secret of a test, known to both sides';

let server, site, browser, issuer, other;

/** The other site: anybody signs in under any name, and it tells a name and an identity number. */
async function startProvider(back) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const provider = new Provider(url, {
    clients: [{ client_id: CLIENT, client_secret: SECRET, redirect_uris: [back] }],
    claims: { openid: ['sub'], profile: ['name', 'resident_id'] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id}（虚构）`, ...(id === 'wang' && { resident_id: NUMBER }) }),
    }),
    cookies: { keys: ['a key of a test'] },
    pkce: { required: () => true },
  });
  const listening = createServer(provider.callback());
  await new Promise((done) => listening.listen(port, '127.0.0.1', done));
  return { url, stop: () => new Promise((done) => listening.close(done)) };
}

before(async () => {
  const port = await freePort();
  site = `http://localhost:${port}`;
  issuer = await startProvider(`${site}/oidc/callback`);
  const words = ['serve', '--pack', 'willow', '--oidc-issuer', issuer.url, '--oidc-client', CLIENT];
  const secret = join(process.env.TMPDIR ?? '/tmp', `yiyang-secret-${process.pid}`);
  const { writeFile } = await import('node:fs/promises');
  await writeFile(secret, SECRET, { mode: 0o600 });
  words.push('--oidc-secret-file', secret, '--oidc-number-claim', 'resident_id');
  server = await startServer({ words, port });
  browser = await launch();
  other = secret;
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await issuer?.stop();
  if (other) await (await import('node:fs/promises')).rm(other, { force: true });
});

/** Runs `act(page)` on a page of a browser that nobody has used; no script of ours may fail. */
async function fresh(look, act) {
  const page = await openPage(browser, site, look);
  const faults = [];
  page.on('pageerror', (fault) => faults.push(fault.message));
  // The other site's own pages ask for a font from the network, which is not there.
  const near = (url) => url.hostname === 'localhost';
  await page.route((url) => !near(url) && url.protocol !== 'data:', (route) => route.abort());
  try {
    await act(page);
    assert.deepEqual(faults, []);
  } finally {
    await page.context().close();
  }
}

async function look(page, name) {
  const folder = process.env.YIYANG_SHOTS;
  if (folder) await page.screenshot({ path: join(folder, `account-${name}.png`), fullPage: true });
}

const shown = (page) => page.locator('main').innerText();

async function press(page, name) {
  const gone = page.waitForEvent('framenavigated');
  await page.getByRole('button', { name, exact: true }).click();
  await gone;
  await page.waitForLoadState();
}

async function signUp(page, login, language = 'en') {
  await page.goto(`/${language}/sign-up`);
  await look(page, `sign-up-${language}`);
  await page.locator('#name').fill('柳三（虚构）');
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(PASSWORD);
  await press(page, language === 'en' ? 'Make the account' : '注册');
  assert.match(page.url(), /\/cases$/);
}

async function signIn(page, login, password = PASSWORD) {
  await page.goto('/en/sign-in');
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(password);
  await press(page, 'Sign in');
}

/** The six digits of a secret as it is typed (RFC 6238). */
function digits(typed, step = Math.floor(Date.now() / 30_000)) {
  const letters = typed.replaceAll(' ', '');
  const bits = [...letters].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter));
  const plain = bits.map((value) => value.toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(plain.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', key).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 0x0f) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

test('an account is made on a phone in Chinese, left and entered again', () =>
  fresh({ language: 'zh', width: 'phone' }, async (page) => {
    await signUp(page, 'liu@example.cn', 'zh');
    await page.goto('/zh/account');
    await look(page, 'account-zh');
    assert.ok((await shown(page)).includes('liu@example.cn'));
    await press(page, '退出');
    await page.goto('/zh/account');
    assert.match(page.url(), /\/zh\/sign-in\?then=/);
    await look(page, 'sign-in-zh');
    await page.locator('#login').fill('liu@example.cn');
    await page.locator('#password').fill(PASSWORD);
    await press(page, '登录');
    assert.match(page.url(), /\/zh\/account$/, 'not back to where one came from');
  }));

test('a passkey is added and signs in without a password', () =>
  fresh({ language: 'en' }, async (page) => {
    const protocol = await page.context().newCDPSession(page);
    await protocol.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    };
    const { authenticatorId } = await protocol.send('WebAuthn.addVirtualAuthenticator', { options });
    await signUp(page, 'passkey@example.cn');
    await page.goto('/en/account/passkeys');
    await page.locator('#title').fill('My telephone');
    await look(page, 'passkey-add');
    await press(page, 'Add it on this device');
    await page.getByText('The passkey is added.').waitFor();
    assert.ok((await shown(page)).includes('My telephone'));
    await look(page, 'account-en');
    await press(page, 'Sign out');
    await page.goto('/en/sign-in?then=%2Fen%2Faccount');
    await look(page, 'sign-in-en');
    await press(page, 'Sign in with a passkey');
    await page.waitForURL(/\/en\/account$/);
    assert.ok((await shown(page)).includes('Last used on'));

    // A device that does not verify its holder, and one that has no key, let nobody in.
    await press(page, 'Sign out');
    await protocol.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await page.goto('/en/sign-in');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('Your device did not answer').waitFor();
    await protocol.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    // A copied key counts back, and is found out.
    const { credentials } = await protocol.send('WebAuthn.getCredentials', { authenticatorId });
    await protocol.send('WebAuthn.clearCredentials', { authenticatorId });
    const credential = { ...credentials[0], signCount: 0 };
    await protocol.send('WebAuthn.addCredential', { authenticatorId, credential });
    await page.goto('/en/sign-in');
    await press(page, 'Sign in with a passkey');
    await page.getByText('The passkey was not taken.').waitFor();
    await look(page, 'passkey-refused');
  }));

test('a second factor is lost, and a recovery code stands in once', () =>
  fresh({ language: 'en' }, async (page) => {
    await signUp(page, 'second@example.cn');
    await page.goto('/en/account/app');
    const picture = page.locator('figure img');
    assert.ok(await picture.evaluate((drawn) => drawn.complete && drawn.naturalWidth > 100));
    await look(page, 'app');
    const secret = await page.locator('#typed-secret').innerText();
    const step = Math.floor(Date.now() / 30_000);
    await page.locator('#code').fill(digits(secret, step));
    await press(page, 'Confirm');
    const codes = await page.locator('#codes code').allInnerTexts();
    assert.equal(codes.length, 10);
    await look(page, 'recovery-codes');
    await press(page, 'Sign out');

    await signIn(page, 'second@example.cn');
    assert.match(page.url(), /\/sign-in\/second$/);
    await look(page, 'second');
    await page.locator('#code').fill(digits(secret, step));
    await press(page, 'Sign in');
    await page.getByText('The code is not good').first().waitFor();
    await page.locator('#recovery').fill(codes[0].toLowerCase().replaceAll('-', ' '));
    await press(page, 'Use the recovery code');
    assert.match(page.url(), /\/en\/cases$/);
    await press(page, 'Sign out');
    await signIn(page, 'second@example.cn');
    await page.locator('#recovery').fill(codes[0]);
    await press(page, 'Use the recovery code');
    await page.getByText('The code is not good').first().waitFor();
    await look(page, 'second-refused');
  }));

/** Signs in at the other site and agrees. */
async function atTheOtherSite(page, name) {
  await page.locator('input[name="login"]').fill(name);
  await page.locator('input[name="password"]').fill('anything');
  await page.locator('button[type="submit"]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((url) => url.origin === site);
  await page.waitForLoadState();
}

test('the other site signs in and proves the number', () =>
  fresh({ language: 'en' }, async (page) => {
    await page.goto('/en/sign-in?then=%2Fen%2Faccount');
    await page.getByRole('button', { name: /Sign in through/ }).click();
    await page.waitForURL((url) => url.origin === issuer.url);
    await atTheOtherSite(page, 'wang');
    assert.match(page.url(), /\/en\/account$/);
    const account = await shown(page);
    assert.ok(account.includes('wang（虚构）') && account.includes(`Proven by ${issuer.url}`), account);
    await look(page, 'account-of-the-other-site');
    // The same person comes back to the same account.
    await press(page, 'Sign out');
    await page.goto('/en/sign-in?then=%2Fen%2Faccount');
    await page.getByRole('button', { name: /Sign in through/ }).click();
    await page.waitForURL(/\/en\/account$/);
    const events = (await shown(page)).match(/Signed in/g);
    assert.equal(events.length, 2);
  }));

for (const changed of ['nonce', 'state', 'code_challenge'])
  test(`a return with another ${changed} lets nobody in`, () =>
    fresh({ language: 'en' }, async (page) => {
      await page.goto('/en/sign-in');
      const options = { maxRedirects: 0 };
      const sent = await page.context().request.get(`${site}/en/sign-in/elsewhere?then=`, options);
      const address = new URL(sent.headers().location);
      assert.equal(address.searchParams.get('code_challenge_method'), 'S256');
      const right = address.searchParams.get(changed);
      address.searchParams.set(changed, `${right.slice(0, -3)}AAA`);
      await page.goto(address.href);
      await atTheOtherSite(page, `mallory-${changed}`);
      await page.getByText('The sign-in through the other site did not come about.').waitFor();
      await look(page, `elsewhere-refused-${changed}`);
      await page.goto('/en/account');
      assert.match(page.url(), /\/sign-in/);
    }));

test('a form that came after its session had ended comes back with what was typed', () =>
  fresh({ language: 'en' }, async (page) => {
    await signUp(page, 'late@example.cn');
    await page.goto('/en/apply/herb-room-licence');
    await page.locator('[name="herb-room.name"]').fill('薄荷小店（虚构）');
    await page.locator('[name="herb-room.floor-area"]').fill('31');
    // Meanwhile the session is ended from another browser.
    await fresh({ language: 'en' }, async (elsewhere) => {
      await signIn(elsewhere, 'late@example.cn');
      await elsewhere.goto('/en/account');
      await press(elsewhere, 'Sign out there');
    });
    const gone = page.waitForURL(/\/sign-in/);
    await page.locator('main form').last().locator('button').last().click();
    await gone;
    await page.locator('#login').fill('late@example.cn');
    await page.locator('#password').fill(PASSWORD);
    await press(page, 'Sign in');
    await page.getByText('What you had typed is still here').first().waitFor();
    await look(page, 'resume');
    await press(page, 'Go on with the form');
    assert.match(page.url(), /\/apply\/herb-room-licence$/);
    assert.equal(await page.locator('[name="herb-room.name"]').inputValue(), '薄荷小店（虚构）');
    assert.equal(await page.locator('[name="herb-room.floor-area"]').inputValue(), '31');
    await look(page, 'resumed-form');
  }));

test('an officer entered in the shell sets a password with the code and sees the inbox', () =>
  fresh({ language: 'en' }, async (page) => {
    const program = resolve(process.env.YIYANG_BIN);
    const words = ['account', 'add-officer', '--pack', 'willow', '--data', server.data];
    words.push('--login', 'officer@example.cn', '--name', '某官员（虚构）', '--body', 'health@900101');
    const { stdout } = await promisify(execFile)(program, words);
    const { page: address, body } = JSON.parse(stdout);
    assert.equal(body, 'health@900101');
    await page.goto(address.replace('/zh/', '/en/'));
    await page.locator('#password').fill(PASSWORD);
    await look(page, 'invited');
    await press(page, 'Set the password and sign in');
    assert.match(page.url(), /\/en\/inbox$/);
    await page.goto('/en/counter/identify');
    await look(page, 'identify');
    await page.goto('/en/account');
    assert.ok((await shown(page)).includes('You act for it now'));
  }));

test('whoever guesses has to wait, and is told for how long', () =>
  fresh({ language: 'en' }, async (page) => {
    for (let turn = 0; turn < 10; turn += 1) {
      await signIn(page, 'guessed@example.cn', `wrong ${turn}`);
      await page.getByText('The name or the password is wrong.').first().waitFor();
    }
    await look(page, 'wrong-password');
    const answer = page.waitForResponse((one) => one.request().method() === 'POST');
    await signIn(page, 'guessed@example.cn', PASSWORD);
    assert.equal((await answer).status(), 429);
    assert.match((await answer).headers()['retry-after'], /^\d+$/);
    assert.ok((await shown(page)).includes('wait 15 minutes'));
    await look(page, 'too-often');
  }));
