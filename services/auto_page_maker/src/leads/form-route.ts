import { type CanaryTokenOf, refuseStrayCanary } from '@scholar/runtime/auth';
import { type Request, type Response, sendPage } from '@scholar/runtime/http';
import type { FormState } from '../pages/lead-form.ts';
import type { PageService } from '../pages/page-service.ts';
import { judgeForm, type RefusalReason, readFields } from './form-submission.ts';
import type { FormTokenVerdict } from './form-token.ts';
import { toSubmission } from './lead-route.ts';
import type { SubmitLead } from './lead-service.ts';
import { formSubmissionKey } from './submission.ts';

/** Answers a form at POST /leads: 303 to /thanks, or 422 and its page again with what was typed and what is wrong. */
export type TakeForm = (request: Request, response: Response) => Promise<void>;

export function createTakeForm(deps: {
  pages: PageService;
  submit: SubmitLead;
  judgeToken: (token: string | undefined) => Promise<FormTokenVerdict>;
  canaryTokenOf: CanaryTokenOf;
  onRefused: (reason: RefusalReason) => void;
}): TakeForm {
  return async (request, response) => {
    const fields = readFields(request.body);
    const judgement = judgeForm(fields, await deps.judgeToken(fields['form_token']));
    if (judgement.kind === 'refuse') {
      deps.onRefused(judgement.reason);
      await showAgain(response, { state: judgement.state, slug: fields['page'], pages: deps.pages });
      return;
    }
    const { lead, nonce } = judgement;
    const canaryToken = deps.canaryTokenOf(request);
    refuseStrayCanary(lead.email, canaryToken);
    await deps.submit({
      via: 'form',
      submission: toSubmission(lead),
      submissionKey: (content) => formSubmissionKey(nonce, content),
      canaryToken,
    });
    response.redirect(303, '/thanks');
  };
}

async function showAgain(
  response: Response,
  { state, slug, pages }: { state: FormState; slug: string | undefined; pages: PageService },
): Promise<void> {
  const landing = slug ? await pages.landing(slug, state) : undefined;
  const page = landing ?? (await pages.index(state));
  response.set('cache-control', 'no-store');
  sendPage(response, { ...page, title: `Please correct: ${page.title}` }, 422);
}
