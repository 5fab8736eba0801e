// Times are shown in UTC; the title says the reader's own. Without scripts the title has UTC in full.
const zone = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

function titled(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) time.title = `${zone.format(at)} (yours)\n${time.dateTime}`;
  }
}

titled(document);
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) if (node instanceof Element) titled(node.parentElement ?? node);
  }
}).observe(document.body, { childList: true, subtree: true });
