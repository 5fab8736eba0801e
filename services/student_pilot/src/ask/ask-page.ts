import { card, field, html, notice, type SafeHtml } from '@scholar/runtime/http';
import type { SageAnswer } from './sage-answer.ts';

export const TITLE = 'Ask a question';
export const MAX_QUESTION = 500;

/** Tells the answer while it is made. The page does without. */
export const ISLAND = '/assets/ask.js';

export type AskForm = { question: string; error?: string | undefined };

/** The form, and above it the answer, when something was asked. `unavailable`: asked, but nobody answered. */
export function askPage(page: {
  form: AskForm;
  answer?: SageAnswer | 'unavailable' | undefined;
  above?: SafeHtml | undefined;
}): SafeHtml {
  const { form, answer, above } = page;
  return html`<h1>${TITLE}</h1>
<p class="lead">Answers come from our guide and the catalogue, with their sources. Questions are not kept.</p>
${above}<div data-ask-answer aria-live="polite">${answer && answered(answer)}</div>
<form class="card" method="post" action="/ask" data-ask>
${field({ name: 'question', label: 'Your question', rows: 3, required: true, maxlength: MAX_QUESTION, value: form.question, error: form.error, hint: 'For example: which documents do I need?' })}
<button>Ask</button></form>`;
}

function answered(answer: SageAnswer | 'unavailable'): SafeHtml {
  if (answer === 'unavailable') {
    const text =
      'Questions cannot be answered just now. What you wrote is kept below: please try again in a moment.';
    return notice('bad', text);
  }
  const texts = answer.answer.split(/\n{2,}/).map((paragraph) => html`<p>${paragraph}</p>`);
  const paragraphs = html`${texts}${answer.note && html`<p class="fine">${answer.note}</p>`}`;
  if (!answer.supported) return card(paragraphs, 'Answer');
  const sources = answer.citations.map(
    ({ title, source, excerpt }) =>
      html`<li><strong>${title}</strong> <span class="fine">${source}</span><br>${excerpt}</li>`,
  );
  return card(html`${paragraphs}<h2>Sources</h2><ol>${sources}</ol>`, 'Answer');
}
