// A server of our own for the tests: a fresh demo city in a temporary folder, on a free loopback
// port, stopped by its process id whatever happens to the tests.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const START_SECONDS = 180;
const STOP_SECONDS = 10;

/**
 * Starts `$YIYANG_BIN demo`, or what `words` say instead, and waits until it is healthy. Returns its
 * url, how to stop it, and how to start it again with more words: its address and its data stay.
 */
export async function startServer({ words = demo(), port } = {}) {
  if (!process.env.YIYANG_BIN) throw new Error('set YIYANG_BIN to the path of the yiyang binary');
  const data = await mkdtemp(join(tmpdir(), 'yiyang-browser-'));
  const listen = `127.0.0.1:${port ?? (await freePort())}`;
  const program = resolve(process.env.YIYANG_BIN);
  let child;
  const start = async (more = []) => {
    if (child) await stopServer(child);
    child = run(program, [...words, ...more, '--listen', listen, '--data', data]);
    await healthy(`http://${listen}`, child);
  };
  const stop = async () => {
    await stopServer(child);
    await rm(data, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (fault) {
    await stop();
    throw fault;
  }
  return { url: `http://${listen}`, data, stop, again: start };
}

/**
 * A server whose days pass: it starts again, as many days ahead as have passed. `day` is a day so
 * many from where it is, in the city's time.
 */
export async function startDays(words) {
  const server = await startServer({ words });
  let passed = 0;
  const pass = async (days) => {
    passed += days;
    await server.again(['--days-ahead', `${passed}`]);
  };
  const day = (ahead) => {
    const then = new Date(Date.now() + (passed + ahead) * 24 * 3600 * 1000);
    return then.toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
  };
  return { ...server, pass, day, passed: () => passed };
}

/** What starts a demonstration; more words may follow. */
const demo = (more = []) => ['demo', '--scale', process.env.YIYANG_SCALE ?? '0.03', ...more];

function run(program, words) {
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  child.said = '';
  child.stderr.on('data', (piece) => (child.said = (child.said + piece).slice(-4000)));
  child.gone = new Promise((tell) => {
    child.once('error', (fault) => tell(fault.message));
    child.once('close', (code, signal) => tell(`the server ended: ${signal ?? code}`));
  });
  child.leash = () => child.kill('SIGKILL');
  process.once('exit', child.leash);
  return child;
}

async function healthy(url, child) {
  let ended;
  child.gone.then((why) => (ended = why));
  for (const until = Date.now() + START_SECONDS * 1000; Date.now() < until; await pause(100)) {
    if (ended) throw new Error(`${ended}\n${child.said}`);
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`no healthy answer within ${START_SECONDS} s\n${child.said}`);
}

async function stopServer(child) {
  child.kill('SIGTERM');
  const late = new AbortController();
  const forced = pause(STOP_SECONDS * 1000, undefined, { signal: late.signal })
    .then(child.leash)
    .catch(() => {});
  await child.gone;
  late.abort();
  await forced;
  process.removeListener('exit', child.leash);
}

/** A port that nobody listens at. */
export function freePort() {
  return new Promise((tell, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => tell(port));
    });
  });
}

/** Runs `act(url)` against a server of our own, which is gone afterwards, also when interrupted. */
export async function withServer(act, more = []) {
  const server = await startServer({ words: demo(more) });
  const status = { SIGINT: 130, SIGTERM: 143 };
  const interrupted = (signal) => server.stop().then(() => process.exit(status[signal]));
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    return await act(server.url);
  } finally {
    process.removeListener('SIGINT', interrupted);
    process.removeListener('SIGTERM', interrupted);
    await server.stop();
  }
}
