import { type CanaryTokenOf, refuseStrayCanary } from '@scholar/runtime/auth';
import { unlessAway } from '@scholar/runtime/away';
import { type Request, type Response, sendPage } from '@scholar/runtime/http';
import type { PublicBase } from '../http/public-base.ts';
import type { FormState } from '../pages/lead-form.ts';
import type { PageService } from '../pages/page-service.ts';
import { judgeForm, notStored, type RefusalReason, readFields, tooMany } from './form-submission.ts';
import type { FormTokenVerdict } from './form-token.ts';
import { toSubmission } from './lead-route.ts';
import type { SubmitLead } from './lead-service.ts';
import type { AdmitSender } from './sender-limit.ts';
import { formSubmissionKey } from './submission.ts';

/**
 * Answers a form at POST /leads: 303 to /thanks, or its page again with what was typed and what is wrong: 422, or 503
 * while our database is away.
 */
export type TakeForm = (request: Request, response: Response) => Promise<void>;

export function createTakeForm(deps: {
  pages: PageService;
  publicBase: PublicBase;
  submit: SubmitLead;
  judgeToken: (token: string | undefined) => Promise<FormTokenVerdict>;
  canaryTokenOf: CanaryTokenOf;
  /** Whether one more form of this network is taken. */
  admit: AdmitSender;
  onRefused: (reason: RefusalReason) => void;
}): TakeForm {
  async function showAgain(
    request: Request,
    response: Response,
    { state, slug, status }: { state: FormState; slug: string | undefined; status: 422 | 429 | 503 },
  ): Promise<void> {
    const look = { state, base: deps.publicBase(request) };
    const landing = slug ? await deps.pages.landing(slug, look) : undefined;
    const { page } = landing ?? (await deps.pages.index(look));
    response.set('cache-control', 'no-store');
    if (status === 503) response.set('retry-after', '2');
    const title = `${status === 503 ? 'Please send again' : 'Please correct'}: ${page.title}`;
    sendPage(response, { ...page, title, metadata: { unlisted: true } }, status);
  }

  return async (request, response) => {
    const fields = readFields(request.body);
    const judgement = judgeForm(fields, await deps.judgeToken(fields['form_token']));
    if (judgement.kind === 'refuse') {
      deps.onRefused(judgement.reason);
      await showAgain(request, response, { state: judgement.state, slug: fields['page'], status: 422 });
      return;
    }
    const { lead, nonce } = judgement;
    const canaryToken = deps.canaryTokenOf(request);
    refuseStrayCanary(lead.email, canaryToken);
    const taken = await unlessAway(async () => {
      // A probe comes as often as it has to.
      const admitted = canaryToken !== undefined || (await deps.admit(request.ip));
      if (!admitted) return { kind: 'too_many' as const };
      return deps.submit({
        via: 'form',
        submission: toSubmission(lead),
        submissionKey: (content) => formSubmissionKey(nonce, content),
        canaryToken,
      });
    });
    if (taken?.kind === 'too_many') {
      deps.onRefused('too_many');
      await showAgain(request, response, { state: tooMany(fields), slug: fields['page'], status: 429 });
    } else if (taken) response.redirect(303, '/thanks');
    else await showAgain(request, response, { state: notStored(fields), slug: fields['page'], status: 503 });
  };
}
