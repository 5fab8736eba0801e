import type { CanaryTokenOf } from '@scholar/runtime/auth';
import { type Express, type Request, type Response, type SafeHtml, validated } from '@scholar/runtime/http';
import { textOf, visitorOf } from '@scholar/runtime/sign-in';
import { SSE_MEDIA_TYPE } from '@scholar/runtime/sse';
import { z } from 'zod';
import { withNext } from '../accounts/account-pages.ts';
import type { AskService } from '../http/ask-service.ts';
import { wantsJson } from '../http/wants-json.ts';
import type { Pages } from '../pages/pages.ts';
import { sessionNotice } from '../pages/session-notice.ts';
import { onlySignedIn } from '../sessions/only-signed-in.ts';
import { requirePrincipal } from '../sessions/require-principal.ts';
import { askPage, ISLAND, MAX_QUESTION, TITLE } from './ask-page.ts';
import type { RelayAnswer } from './relay-answer.ts';
import type { SageAnswer } from './sage-answer.ts';

export type AskRouteDeps = {
  pages: Pages;
  askSage: AskService<SageAnswer>;
  relayAnswer: RelayAnswer;
  canaryTokenOf: CanaryTokenOf;
};

const EXPECTED = `a question of 1 to ${MAX_QUESTION} characters`;

const questionSchema = z.string(EXPECTED).trim().min(1, EXPECTED).max(MAX_QUESTION, EXPECTED);

/**
 * GET /ask: the form. POST /ask, a form: the page with the answer. POST /ask, JSON `{question}`: 200 {answer,
 * citations, supported, answering: ok|unavailable}; with `Accept: text/event-stream` as scholarship_sage tells it. Only scholarship_sage sees the question, and it does not keep it.
 */
export function askRoutes(app: Express, deps: AskRouteDeps): void {
  deps.pages.get(
    app,
    '/ask',
    onlySignedIn('/ask', TITLE, () => content(askPage({ form: { question: '' } }))),
  );
  app.post('/ask', async (request, response) => {
    if (wantsStream(request)) await answerStream(request, response, deps);
    else if (wantsJson(request)) await answerJson(request, response, deps);
    else await answerForm(request, response, deps);
  });
}

function content(body: SafeHtml) {
  return { title: TITLE, body, scripts: [ISLAND] };
}

function wantsStream(request: Request): boolean {
  return request.accepts(['text/html', 'application/json', SSE_MEDIA_TYPE]) === SSE_MEDIA_TYPE;
}

async function answerStream(request: Request, response: Response, deps: AskRouteDeps): Promise<void> {
  const { subject } = requirePrincipal(response);
  const { question } = validated(z.object({ question: questionSchema }), request.body ?? {});
  await deps.relayAnswer(response, { question, student_id: subject }, deps.canaryTokenOf(request));
}

async function answerJson(request: Request, response: Response, deps: AskRouteDeps): Promise<void> {
  const { subject } = requirePrincipal(response);
  const { question } = validated(z.object({ question: questionSchema }), request.body ?? {});
  const canaryToken = deps.canaryTokenOf(request);
  const answer = await deps.askSage({ question, student_id: subject }, { canaryToken });
  response.set('cache-control', 'no-store');
  response.json(
    answer
      ? { ...answer, answering: 'ok' }
      : { answer: '', citations: [], supported: false, answering: 'unavailable' },
  );
}

async function answerForm(request: Request, response: Response, deps: AskRouteDeps): Promise<void> {
  const visitor = visitorOf(response);
  if (visitor.signedIn === 'no') {
    response.redirect(303, withNext('/login', '/ask'));
    return;
  }
  const typed = textOf(request.body, 'question');
  const question = questionSchema.safeParse(typed);
  if (!visitor.principal || !question.success) {
    const error = question.success ? undefined : `Please write ${EXPECTED}.`;
    const body = askPage({ form: { question: typed, error }, above: sessionNotice(visitor) });
    deps.pages.show(response, { path: '/ask', ...content(body), status: visitor.principal ? 422 : 200 });
    return;
  }
  const asked = { question: question.data, student_id: visitor.principal.subject };
  const answer = await deps.askSage(asked, { canaryToken: deps.canaryTokenOf(request) });
  const body = askPage({ form: { question: typed }, answer: answer ?? 'unavailable' });
  deps.pages.show(response, { path: '/ask', ...content(body) });
}
