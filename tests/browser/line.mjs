// A line between a browser and the server under test that can be cut, and that can lose answers to
// what was sent, as it happens where a network is weak.

import { createServer, request } from 'node:http';

/**
 * Runs `act(line)` with a line to the server at `target`. `line.url` is where a browser finds it;
 * `line.dead` cuts it; `line.loses` lets a case be acted on and says nothing of what came of it;
 * `line.sent` has every act on a case that went through, and `line.again(one)` sends one once more.
 */
export async function linked(target, act) {
  const line = { dead: false, loses: false, sent: [] };
  const server = createServer(async (asked, answer) => {
    if (line.dead) return asked.socket.destroy();
    const pieces = [];
    for await (const piece of asked) pieces.push(piece);
    const { method, url, headers } = asked;
    const went = { method, url, headers, body: Buffer.concat(pieces) };
    const acts = method === 'POST' && url.endsWith('/choose');
    const forward = request(new URL(url, target), { method, headers }, (came) => {
      if (acts) line.sent.push(went);
      if (acts && line.loses) {
        came.resume().once('end', () => asked.socket.destroy());
        return;
      }
      answer.writeHead(came.statusCode, came.rawHeaders);
      came.pipe(answer);
    });
    forward.once('error', () => asked.socket.destroy());
    forward.end(went.body);
  });
  await new Promise((tell) => server.listen(0, '127.0.0.1', tell));
  line.url = `http://127.0.0.1:${server.address().port}`;
  line.again = ({ method, url, headers: { host, 'content-length': _, ...headers }, body }) =>
    fetch(`${line.url}${url}`, { method, headers, body, redirect: 'manual' });
  try {
    return await act(line);
  } finally {
    server.closeAllConnections();
    await new Promise((tell) => server.close(tell));
  }
}
