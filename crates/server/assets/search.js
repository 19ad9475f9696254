// A search is followed while it goes on: its page is asked for again, and what it says takes the place
// of what it said. Without this script a link does the same. Once it has ended, the page with what came
// of it takes the place of this one.

const REST = 2000;

const pause = (moment) => new Promise((go) => setTimeout(go, moment));

async function follow(told) {
  for (;;) {
    await pause(REST);
    if (document.hidden) continue;
    try {
      const answer = await fetch(told.dataset.search, { headers: { accept: 'text/html' } });
      if (!answer.ok || answer.redirected) continue;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const now = page.querySelector('[data-search]');
      if (!now) break;
      // Only what has changed is read out.
      for (const part of told.querySelectorAll('[data-part]')) {
        const next = now.querySelector(`[data-part="${part.dataset.part}"]`);
        if (next && next.textContent !== part.textContent) part.textContent = next.textContent;
      }
    } catch {
      // Whoever cannot be reached now is asked again.
    }
  }
  location.reload();
}

document.querySelectorAll('[data-search]').forEach(follow);
