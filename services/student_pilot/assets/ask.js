// Tells an answer while it is made. Where that cannot be, the form is sent as every form is.
const form = document.querySelector('form[data-ask]');
const place = document.querySelector('[data-ask-answer]');
const button = form.querySelector('button:not([type="button"])');
const trace = document.querySelector('meta[name=traceparent]')?.content;

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (button.disabled) return;
  button.disabled = true;
  place.setAttribute('aria-busy', 'true');
  try {
    const stream = await ask(form.elements.question.value);
    if (stream === undefined) {
      form.submit();
      return;
    }
    await show(stream);
  } finally {
    place.removeAttribute('aria-busy');
    button.disabled = false;
  }
});

// Undefined: no stream, for whatever reason; the page that answers a form says which.
async function ask(question) {
  try {
    const response = await fetch('/ask', {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        ...(trace === undefined ? {} : { traceparent: trace }),
      },
      body: JSON.stringify({ question }),
      redirect: 'error',
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    return response.ok && isStream ? response.body : undefined;
  } catch {
    return undefined;
  }
}

async function show(stream) {
  const state = { text: '', citations: [], note: undefined };
  let last;
  try {
    for await (const { event, data } of messages(stream)) {
      if (event === 'sources' || event === 'replaced')
        Object.assign(state, { text: '', citations: data.citations });
      if (event === 'text') state.text += data.text;
      if (event === 'done')
        Object.assign(state, { text: data.answer, citations: data.citations, note: data.note });
      if (event === 'done' || event === 'broken') last = event;
      draw(state);
    }
  } catch {
    // The connection broke: as if the stream had ended there.
  }
  if (last !== 'done')
    draw(state, 'The answer broke off: what you see is no answer. Please ask again in a moment.');
}

async function* messages(stream) {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (event !== undefined) yield { event, data: JSON.parse(data) };
    }
  }
}

// Text only ever comes in as text: nothing in an answer is markup.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function draw({ text, citations, note }, broken) {
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => element('p', {}, paragraph));
  const card = element('section', { class: 'card' }, element('h2', {}, 'Answer'), ...paragraphs);
  if (note !== undefined) card.append(element('p', { class: 'fine' }, note));
  if (citations.length > 0)
    card.append(element('h2', {}, 'Sources'), element('ol', {}, ...citations.map(source)));
  const notice = broken === undefined ? [] : [element('p', { class: 'notice bad', role: 'alert' }, broken)];
  place.replaceChildren(...notice, card);
}

function source({ title, source: id, excerpt }) {
  const name = element('strong', {}, title);
  return element('li', {}, name, ' ', element('span', { class: 'fine' }, id), element('br', {}), excerpt);
}
