// A draft is saved a moment after typing stops, and large files are sent in pieces that can be
// taken up again (the tus protocol, 1.0.0). Without this script the buttons of the page do the
// same. What is said to the reader stands in the page; nothing here decides anything.

const TYPING_ENDS = 800;
const PIECE = 1024 * 1024;
const TRIES = 8;

const pause = (moment) => new Promise((go) => setTimeout(go, moment));

/** Saves the form while it is typed. */
function saving(form) {
  const status = form.querySelector('[data-saved]');
  const revision = form.elements.revision;
  let timer;
  let sending = Promise.resolve();
  let stopped = false;
  let said = written(form);

  async function save(last) {
    const now = written(form);
    if (stopped || now === said) return;
    said = now;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: 'POST',
        body: now,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        keepalive: last,
      });
      const told = await answer.json();
      status.textContent = told.says;
      if (answer.ok) revision.value = told.revision;
      else stopped = true;
    } catch {
      said = undefined;
      status.textContent = form.dataset.lost;
    }
  }

  const soon = () => (sending = sending.then(() => save(false)));
  const typed = () => {
    clearTimeout(timer);
    timer = setTimeout(soon, TYPING_ENDS);
  };
  form.addEventListener('input', typed);
  form.addEventListener('change', typed);
  form.addEventListener('submit', () => {
    clearTimeout(timer);
    stopped = true;
  });
  addEventListener('pagehide', () => save(true));
}

/** What the form would send, without its files. */
function written(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => typeof value === 'string');
  return new URLSearchParams(pairs).toString();
}

/** Sends the file that was chosen, from where an earlier attempt ended. */
function sending(input) {
  const form = input.form;
  const status = form.querySelector(`[data-progress="${input.name}"]`);
  const token = form.elements.token.value;

  const ask = (address, method, headers = {}, body = undefined) =>
    fetch(address, {
      method,
      body,
      headers: { 'tus-resumable': '1.0.0', 'form-token': token, ...headers },
    });

  async function begun(file) {
    const meta = { draft: input.dataset.upload, material: input.dataset.material, filename: file.name };
    const pairs = Object.entries(meta).map(([name, value]) => `${name} ${base64(bytesOf(value))}`);
    const answer = await ask('/uploads', 'POST', {
      'upload-length': String(file.size),
      'upload-metadata': pairs.join(','),
    });
    if (!answer.ok) throw await refused(answer);
    return answer.headers.get('location');
  }

  async function offset(address) {
    const answer = await ask(address, 'HEAD');
    return answer.ok ? Number(answer.headers.get('upload-offset')) : undefined;
  }

  async function piece(address, file, from) {
    const bytes = await file.slice(from, from + PIECE).arrayBuffer();
    const answer = await ask(address, 'PATCH', {
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(from),
      ...(await checksum(bytes)),
    }, bytes);
    if (answer.status === 422) throw await refused(answer);
    if (!answer.ok) throw new Error(String(answer.status));
    return Number(answer.headers.get('upload-offset'));
  }

  async function send(file) {
    const own = `upload ${input.dataset.upload} ${input.name} ${file.name} ${file.size} ${file.lastModified}`;
    let address = localStorage.getItem(own);
    let at = address ? await offset(address).catch(() => undefined) : undefined;
    if (at === undefined) {
      address = await begun(file);
      localStorage.setItem(own, address);
      at = 0;
    }
    for (let tries = 0; at < file.size; ) {
      status.textContent = `${input.dataset.sending} ${Math.floor((at * 100) / file.size)} %`;
      try {
        at = await piece(address, file, at);
        tries = 0;
      } catch (fault) {
        if (fault.refused) localStorage.removeItem(own);
        if (fault.refused || ++tries > TRIES) throw fault;
        status.textContent = input.dataset.broken;
        await pause(500 * tries);
        at = (await offset(address).catch(() => at)) ?? at;
      }
    }
    localStorage.removeItem(own);
    status.textContent = input.dataset.done;
  }

  input.addEventListener('change', async () => {
    const file = input.files[0];
    if (!file) return;
    input.disabled = true;
    try {
      await send(file);
      location.reload();
    } catch (fault) {
      status.textContent = fault.refused ?? input.dataset.broken;
      input.disabled = false;
    }
  });
}

/** Why a file was not taken, in the page's language. */
async function refused(answer) {
  const told = await answer.json().catch(() => ({}));
  const chinese = document.documentElement.lang.startsWith('zh');
  const says = (chinese ? told.says_zh : told.says_en) ?? String(answer.status);
  return Object.assign(new Error(says), { refused: says });
}

/** The digest of a piece, where the browser can make one. */
async function checksum(bytes) {
  if (!globalThis.crypto?.subtle) return {};
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return { 'upload-checksum': `sha256 ${base64(new Uint8Array(digest))}` };
}

const bytesOf = (text) => new TextEncoder().encode(text);
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

for (const form of document.querySelectorAll('form[data-draft]')) saving(form);
for (const input of document.querySelectorAll('input[data-upload]')) sending(input);
