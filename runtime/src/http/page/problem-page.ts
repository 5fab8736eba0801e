import type { HttpProblem } from '../http-problem.ts';
import { html } from './html.ts';
import { renderPage } from './render-page.ts';

/** The page that a person sees in place of a problem document; it says the same and no more. */
export function problemPage(shown: { problem: HttpProblem; requestId: string; service: string }): string {
  const { problem, requestId, service } = shown;
  const title = problem.title ?? headline(problem.status);
  return renderPage({
    title,
    service,
    body: html`<section class="card problem">
<p class="code">${problem.status}</p>
<h1>${title}</h1>
<p>${problem.detail}</p>
<p><a href="/">Back to the start</a></p>
<p class="fine">${problem.code} · request ${requestId}</p>
</section>`,
  });
}

function headline(status: number): string {
  if (status === 404) return 'This page does not exist';
  if (status === 401) return 'Please sign in';
  if (status === 403) return 'This is not allowed';
  if (status === 503) return 'Not available just now';
  return status >= 500 ? 'Something went wrong' : 'That did not work';
}
