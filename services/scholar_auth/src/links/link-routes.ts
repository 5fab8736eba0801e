import { type Express, prefersHtml, type Request, type Response, validated } from '@scholar/runtime/http';
import { z } from 'zod';
import type { VaultSource } from '../email/vault-source.ts';
import { clientOf } from '../http/client-of.ts';
import { emailSchema, newPasswordSchema } from '../http/credentials-schema.ts';
import { invalidLink, notConfigured, tooManyAttempts, whenNotTooBusy } from '../http/problems.ts';
import type { LinkPurpose } from '../mail/letters.ts';
import type { RequestMail } from '../mail/mail-requests.ts';
import type { AccountLinks } from './account-links.ts';
import {
  askForMailPage,
  confirmPage,
  deadLinkPage,
  donePage,
  newPasswordPage,
  noMailPage,
  sentPage,
} from './link-pages.ts';

const tokenField = z.string({ error: 'the token of a link' }).min(1, 'the token of a link').max(256);
const askSchema = z.object({ email: emailSchema });
const tokenSchema = z.object({ token: tokenField });
const newPasswordBody = tokenSchema.extend({ password: newPasswordSchema });

/**
 * POST /password/forgot and /verify-email/request {email}: 202 {detail, mailbox?}, with an account or without; 429; 503
 * without mail. `mailbox` is where mails land that do not leave this machine.
 * GET /verify-email and /password/new ?token=: pages that change nothing, 410 for a dead link.
 * POST /verify-email {token}, /password/new {token, password}: 204 (a page for browsers), 410 `invalid_link`, 422.
 */
export function linkRoutes(
  app: Express,
  deps: {
    vault: VaultSource;
    links: AccountLinks;
    requestMail: RequestMail;
    mailWorks: () => boolean;
    /** What is wrong with the settings of mail. */
    mailFindings: () => string[];
    mailboxUrl: () => string | undefined;
  },
): void {
  const { vault, links } = deps;

  function ask(path: string, purpose: LinkPurpose): void {
    app.post(path, async (request, response) => {
      if (!deps.mailWorks()) {
        if (prefersHtml(request)) return noMailPage(response, 503);
        throw notConfigured('SMTP_URL', 'no mail can be sent', deps.mailFindings());
      }
      const key = vault();
      const { email } = validated(askSchema, request.body);
      const client = clientOf(request, key.keyFingerprint);
      const admitted = await deps.requestMail({ emailHash: key.hash(email), client, purpose });
      if (!admitted.ok) throw tooManyAttempts(admitted.retryAfterS);
      const detail = 'If there is an account with this address, a link is on its way to it.';
      const mailbox = deps.mailboxUrl();
      if (prefersHtml(request)) return sentPage(response, detail, mailbox);
      response.status(202).json({ detail, ...(mailbox === undefined ? {} : { mailbox }) });
    });
  }

  function page(path: string, purpose: LinkPurpose, show: (response: Response, token: string) => void): void {
    app.get(path, async (request, response) => {
      const token = tokenField.safeParse(request.query['token']);
      if (token.success && (await links.works(token.data, purpose))) show(response, token.data);
      else deadLinkPage(response);
    });
  }

  ask('/password/forgot', 'password');
  ask('/verify-email/request', 'verify');
  page('/verify-email', 'verify', confirmPage);
  page('/password/new', 'password', newPasswordPage);
  app.get('/password/forgot', (_request, response) => {
    if (deps.mailWorks()) askForMailPage(response);
    else noMailPage(response);
  });

  app.post('/verify-email', async (request, response) => {
    const { token } = validated(tokenSchema, request.body);
    const confirmed = await links.confirm(token);
    finish(request, response, confirmed, [
      'Address confirmed',
      'Your address is confirmed. You may close this page and go on where you were.',
    ]);
  });

  app.post('/password/new', async (request, response) => {
    const { token } = validated(tokenSchema, request.body);
    const body = newPasswordBody.safeParse(request.body);
    if (!body.success && prefersHtml(request)) {
      newPasswordPage(response, token, body.error.issues[0]?.message);
      return;
    }
    const { password } = validated(newPasswordBody, request.body);
    const set = await whenNotTooBusy(() => links.setPassword(token, password));
    finish(request, response, set, [
      'Password set',
      'Sign in with your new password. Everybody who was signed in to this account is signed out.',
    ]);
  });
}

function finish(
  request: Request,
  response: Response,
  worked: boolean,
  done: readonly [string, string],
): void {
  if (prefersHtml(request)) {
    if (worked) donePage(response, ...done);
    else deadLinkPage(response);
    return;
  }
  if (!worked) throw invalidLink();
  response.status(204).end();
}
