// The live tail. Without it the page shows the rows that were there when it was made.
// Paused, it goes on listening only to say how many came; the place is kept in the address, and going on starts there.
const table = document.querySelector('[data-live-tail]');
const state = document.querySelector('[data-live-state]');
const button = document.querySelector('[data-live-pause]');
const body = table.querySelector('tbody');
const maxRows = Number(table.dataset.rows);
const heads = [...table.querySelectorAll('th')].map((head) => head.textContent);

// What was shown or left out lately: a stream that goes on at a place may say a thing twice.
const known = new Set([...body.querySelectorAll('[data-id]')].map((row) => row.dataset.id));
const streams = [
  follow({ name: 'stored', param: 'at', lineOf: storedLine }),
  follow({ name: 'refused', param: 'refused_at', lineOf: refusedLine }),
].filter((stream) => stream !== undefined);
let paused = table.dataset.paused === 'yes';
let waiting = 0;

button.hidden = false;
button.addEventListener('click', () => (paused ? goOn() : pause()));
addEventListener('pagehide', () => {
  for (const stream of streams) stream.close();
});
addEventListener('pageshow', (event) => {
  if (event.persisted) for (const stream of streams) stream.open();
});
for (const stream of streams) stream.open();
show();

function pause() {
  paused = true;
  waiting = 0;
  const address = new URL(location.href);
  for (const stream of streams) address.searchParams.set(stream.param, stream.keep());
  history.replaceState(null, '', address);
  show();
}

function goOn() {
  paused = false;
  const address = new URL(location.href);
  for (const stream of streams) {
    address.searchParams.delete(stream.param);
    stream.open();
  }
  history.replaceState(null, '', address);
  show();
}

function show() {
  button.setAttribute('aria-pressed', String(paused));
  button.textContent = paused ? 'Go on' : 'Pause';
  const open = streams.every((stream) => stream.isOpen());
  if (paused) tell('unknown', waiting === 0 ? 'paused' : `paused, ${waiting} waiting`);
  else tell(open ? 'green' : 'unknown', open ? 'live' : 'connecting');
}

function tell(verdict, text) {
  state.className = `badge ${verdict}`;
  if (state.textContent !== text) state.textContent = text;
}

/** One stream of server-sent events; undefined where the filter leaves it out. */
function follow({ name, param, lineOf }) {
  const address = table.dataset[name];
  if (address === undefined) return undefined;
  let place = new URL(address, location.href).searchParams.get('cursor');
  let source;
  return {
    param,
    keep: () => place,
    isOpen: () => source?.readyState === EventSource.OPEN,
    close: () => source?.close(),
    open() {
      source?.close();
      const from = new URL(address, location.href);
      from.searchParams.set('cursor', place);
      source = new EventSource(from);
      source.addEventListener('open', show);
      source.addEventListener('error', () => {
        // A refused request (the session has ended, too many tails) is not tried again by the browser.
        if (source.readyState === EventSource.CLOSED) tell('red', 'ended: load the page again');
        else show();
      });
      // Told while nothing comes, so that a quiet filter goes on from lately and not from when the page was made.
      source.addEventListener('place', (message) => {
        if (!paused) place = message.lastEventId;
      });
      source.addEventListener('event', (message) => {
        if (paused) {
          waiting += 1;
          show();
          return;
        }
        place = message.lastEventId;
        add(lineOf(JSON.parse(message.data)));
      });
    },
  };
}

function add({ id, cells }) {
  if (known.has(id)) return;
  known.add(id);
  if (known.size > 4 * maxRows) for (const old of [...known].slice(0, maxRows)) known.delete(old);
  for (const row of body.querySelectorAll('.fresh')) row.classList.remove('fresh');
  document.querySelector('[data-live-empty]')?.remove();
  const row = body.insertRow(0);
  row.className = 'fresh';
  row.dataset.id = id;
  cells.forEach((content, column) => {
    const cell = row.insertCell();
    cell.dataset.label = heads[column];
    cell.append(...[content].flat());
  });
  while (body.rows.length > maxRows && !body.lastElementChild.contains(document.activeElement))
    body.lastElementChild.remove();
}

function storedLine(event) {
  const what = [event.event_type, ...(event.simulated ? [' ', element('span', 'badge', 'simulated')] : [])];
  const link = linkTo(`/events/${event.event_id}`, event.event_id.slice(0, 8));
  link.title = event.event_id;
  return {
    id: event.event_id,
    cells: [timeOf(event.received_at), event.app_label, what, event.source, link],
  };
}

function refusedLine(refusal) {
  const simulated = refusal.canary_id === null ? [] : [' ', element('span', 'badge', 'simulated')];
  const what = [element('span', 'badge red', 'refused'), ` ${refusal.code}`, ...simulated];
  const link = linkTo(`/refused/${refusal.id}`, refusal.event_id?.slice(0, 8) ?? 'refusal');
  return {
    id: `refused-${refusal.id}`,
    cells: [timeOf(refusal.at), refusal.app_label ?? '–', what, refusal.pointer ?? '–', link],
  };
}

function timeOf(iso) {
  const time = element('time', '', iso.slice(11, 23));
  time.dateTime = iso;
  return time;
}

function linkTo(href, text) {
  const link = element('a', 'id', text);
  link.href = href;
  return link;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.textContent = text;
  return made;
}
