// Asks the device for a passkey before a form is sent. The form says what to ask; the answer goes
// into hidden fields, and the form is sent like any other. Without this script the form that needs
// it stays hidden, or says so.

const bytes = (text) => {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const text = (buffer) => {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

const words = (list) => list.split(' ').filter(Boolean);
const key = (id) => ({ type: 'public-key', id: bytes(id) });

/** Makes a key for the account that the form names. */
async function create({ site, challenge, user, login, holder, known, algorithms }) {
  const { response } = await navigator.credentials.create({
    publicKey: {
      rp: { id: site, name: document.title },
      user: { id: bytes(user), name: login, displayName: holder },
      challenge: bytes(challenge),
      pubKeyCredParams: words(algorithms).map((alg) => ({ type: 'public-key', alg: Number(alg) })),
      excludeCredentials: words(known).map(key),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
    },
  });
  return { 'client-data': response.clientDataJSON, attestation: response.attestationObject };
}

/** Signs with a key of this site, whichever the holder chooses. */
async function get({ site, challenge }) {
  const { rawId, response } = await navigator.credentials.get({
    publicKey: { rpId: site, challenge: bytes(challenge), userVerification: 'required' },
  });
  return {
    credential: rawId,
    'client-data': response.clientDataJSON,
    authenticator: response.authenticatorData,
    signature: response.signature,
    handle: response.userHandle ?? new ArrayBuffer(0),
  };
}

function fill(form, answer) {
  for (const [name, buffer] of Object.entries(answer)) {
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name, value: text(buffer) });
    form.append(field);
  }
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const fault = form.querySelector('[data-passkey-fault]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    fault.hidden = true;
    try {
      const ask = { create, get }[form.dataset.passkey];
      fill(form, await ask(form.dataset));
      form.submit();
    } catch {
      // Whoever changes their mind at the device, or has no key there, stays on the page.
      fault.hidden = false;
    }
  });
}
