// The live tail of the first page. Without it the page shows the events that were there when it was made.
const table = document.querySelector('[data-live-tail]');
const state = document.querySelector('[data-live-state]');
const MAX_ROWS = 50;

if (table && state) {
  const body = table.querySelector('tbody');
  const source = new EventSource(table.dataset.liveTail);
  source.addEventListener('open', () => tell('green', 'live'));
  source.addEventListener('error', () => tell('unknown', 'reconnecting'));
  source.addEventListener('event', (message) => {
    const event = JSON.parse(message.data);
    for (const row of body.querySelectorAll('.fresh')) row.classList.remove('fresh');
    document.querySelector('[data-live-empty]')?.remove();
    body.prepend(rowOf(event));
    while (body.rows.length > MAX_ROWS) body.lastElementChild.remove();
  });
  // A page in the browser's back cache must not hold a connection.
  addEventListener('pagehide', () => source.close());
}

function tell(verdict, text) {
  state.className = `badge ${verdict}`;
  state.textContent = text;
}

function rowOf(event) {
  const row = document.createElement('tr');
  row.className = 'fresh';
  const link = document.createElement('a');
  link.href = `/events/${event.event_id}`;
  link.className = 'id';
  link.textContent = event.event_id.slice(0, 8);
  const cells = [event.received_at.slice(11, 23), event.app_label, event.event_type, event.source, link];
  for (const content of cells) {
    const cell = document.createElement('td');
    cell.append(content);
    row.append(cell);
  }
  return row;
}
