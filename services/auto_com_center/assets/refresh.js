// Looks again at the page every ten seconds and swaps the sections that changed. A section in which the keyboard is
// stays as it is until the keyboard leaves it, so that nobody loses a place.
const INTERVAL_MS = 10_000;
const state = document.querySelector('[data-refresh-state]');
const seen = new Map();

for (const section of sections(document)) seen.set(section.dataset.refresh, section.innerHTML);
setInterval(() => {
  if (document.visibilityState === 'visible') void refresh();
}, INTERVAL_MS);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh();
});

async function refresh() {
  try {
    const answer = await fetch(location.href, {
      headers: { accept: 'text/html' },
      signal: AbortSignal.timeout(9_000),
    });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!answer.ok || sections(page).length === 0) throw new Error(String(answer.status));
    for (const section of sections(page)) swap(section.dataset.refresh, section.innerHTML);
    tell(`Looked ${new Date().toISOString().slice(11, 19)} UTC.`, false);
  } catch (error) {
    const why =
      error.message === '401'
        ? 'Your session has ended: load the page again.'
        : 'A8 does not answer; trying on.';
    tell(`What you see is old. ${why}`, true);
  }
}

function swap(name, markup) {
  const section = document.querySelector(`[data-refresh="${name}"]`);
  if (section === null || seen.get(name) === markup || section.contains(document.activeElement)) return;
  seen.set(name, markup);
  section.innerHTML = markup;
}

function sections(root) {
  return root.querySelectorAll('[data-refresh]');
}

/** A live region: the time of each look is for the eye, only trouble and its end are read out. */
function tell(text, trouble) {
  state.setAttribute('aria-live', trouble || state.classList.contains('trouble') ? 'polite' : 'off');
  state.classList.toggle('trouble', trouble);
  state.textContent = text;
}
