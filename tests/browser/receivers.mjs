// The outside world of the tests: a real mail server, and a system that takes web hooks.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';

/** A mail server on a free port; `mails` are those it got, each with its envelope and parts. */
export async function mailServer() {
  const mails = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      const pieces = [];
      stream.on('data', (piece) => pieces.push(piece));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map((one) => one.address);
        mails.push({ from: mailFrom.address, to, ...parts(Buffer.concat(pieces).toString('latin1')) });
        done();
      });
    },
  });
  await new Promise((tell) => server.listen(0, '127.0.0.1', tell));
  const { port } = server.server.address();
  const stop = () => new Promise((tell) => server.close(tell));
  return { url: `smtp://127.0.0.1:${port}`, mails, stop };
}

/** The headers of a raw mail, and its text. */
function parts(raw) {
  const [head, ...rest] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':')[0].toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const text = body(rest.join('\r\n\r\n'), headers['content-transfer-encoding']);
  return { headers, raw: head, subject: words(headers.subject), sender: words(headers.from), text };
}

/** RFC 2047: words of a header in another character set. */
function words(text) {
  const joined = text.replace(/\?=\s+=\?/g, '?==?');
  return joined.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how, said) => {
    const bytes =
      how.toLowerCase() === 'b'
        ? Buffer.from(said, 'base64')
        : Buffer.from(quoted(said.replace(/_/g, ' ')), 'latin1');
    return bytes.toString('utf8');
  });
}

const quoted = (text) =>
  text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));

function body(text, encoding = '7bit') {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return Buffer.from(quoted(text), 'latin1').toString('utf8');
  return Buffer.from(text, 'latin1').toString('utf8');
}

/**
 * A system that takes web hooks: it answers 503 so often at first, and then keeps what has a good
 * signature under its `secret`; `refused` counts what has none.
 */
export async function hookReceiver(failures) {
  const receiver = { secret: '', got: [], failed: 0, refused: 0 };
  const server = createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString('utf8');
      response.statusCode = 503;
      if (receiver.failed < failures) receiver.failed += 1;
      else if (signed(receiver.secret, request.headers, text)) {
        receiver.got.push({ id: request.headers['webhook-id'], ...JSON.parse(text) });
        response.statusCode = 204;
      } else {
        receiver.refused += 1;
        response.statusCode = 401;
      }
      response.end();
    });
  });
  await new Promise((tell) => server.listen(0, '127.0.0.1', tell));
  receiver.url = `http://127.0.0.1:${server.address().port}/hook`;
  receiver.stop = () => new Promise((tell) => server.close(tell));
  return receiver;
}

/** Standard Webhooks: HMAC-SHA256 over number, time and body, and a time that is not long ago. */
function signed(secret, headers, text) {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = headers;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const own = createHmac('sha256', key).update(`${id}.${at}.${text}`).digest();
  const sent = Buffer.from(String(signature).replace(/^v1,/, ''), 'base64');
  const fresh = Math.abs(Date.now() / 1000 - Number(at)) < 300;
  return fresh && sent.length === own.length && timingSafeEqual(sent, own);
}

/** Waits until `found()` is there. */
export async function until(found, seconds, what) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(100)) {
    const value = found();
    if (value) return value;
  }
  throw new Error(`${what} did not come within ${seconds} s`);
}
