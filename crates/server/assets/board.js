// A board follows what is found: the page is asked for again every few seconds, and the parts that say
// something else take the place of the old ones. Without this script a link does the same. It can be
// stopped, and rests while nobody looks.

const REST = 3000;

const pause = (moment) => new Promise((go) => setTimeout(go, moment));
const parts = (page) => [...page.querySelectorAll('[data-live]')];

/** Puts new parts in the place of old ones; true where a number has changed. What has the focus keeps it. */
function renew(page) {
  const fresh = new Map(parts(page).map((part) => [part.dataset.live, part]));
  let changed = false;
  for (const part of parts(document)) {
    const next = fresh.get(part.dataset.live);
    if (!next || next.innerHTML === part.innerHTML) continue;
    changed ||= part.dataset.live === 'sums';
    const focused = part.contains(document.activeElement) && document.activeElement.getAttribute('href');
    part.replaceChildren(...next.childNodes);
    if (!focused) continue;
    const links = [...part.querySelectorAll('a')];
    links.find((link) => link.getAttribute('href') === focused)?.focus({ preventScroll: true });
  }
  return changed;
}

async function follow(board) {
  const [follows, status] = [board.querySelector('input'), board.querySelector('[role="status"]')];
  board.hidden = false;
  for (;;) {
    await pause(REST);
    if (!follows.checked || document.hidden) continue;
    try {
      const answer = await fetch(board.dataset.board, { headers: { accept: 'text/html' } });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const changed = renew(page);
      const sums = document.querySelector('[data-live="sums"]');
      status.classList.add('govuk-visually-hidden');
      if (changed) status.textContent = sums.textContent.trim();
      else if (status.textContent === board.dataset.lost) status.textContent = '';
    } catch {
      status.classList.remove('govuk-visually-hidden');
      status.textContent = board.dataset.lost;
    }
  }
}

document.querySelectorAll('[data-board]').forEach(follow);
