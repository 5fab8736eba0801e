import { type CanaryTokenOf, refuseStrayCanary } from '@scholar/runtime/auth';
import { type Request, type Response, sendPage } from '@scholar/runtime/http';
import type { PublicBase } from '../http/public-base.ts';
import type { Look, PageService } from '../pages/page-service.ts';
import { judgeForm, type RefusalReason, readFields } from './form-submission.ts';
import type { FormTokenVerdict } from './form-token.ts';
import { toSubmission } from './lead-route.ts';
import type { SubmitLead } from './lead-service.ts';
import { formSubmissionKey } from './submission.ts';

/** Answers a form at POST /leads: 303 to /thanks, or 422 and its page again with what was typed and what is wrong. */
export type TakeForm = (request: Request, response: Response) => Promise<void>;

export function createTakeForm(deps: {
  pages: PageService;
  publicBase: PublicBase;
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
      const look = { state: judgement.state, base: deps.publicBase(request) };
      await showAgain(response, { look, slug: fields['page'], pages: deps.pages });
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
  { look, slug, pages }: { look: Look; slug: string | undefined; pages: PageService },
): Promise<void> {
  const landing = slug ? await pages.landing(slug, look) : undefined;
  const { page } = landing ?? (await pages.index(look));
  response.set('cache-control', 'no-store');
  sendPage(response, { ...page, title: `Please correct: ${page.title}`, metadata: { unlisted: true } }, 422);
}
