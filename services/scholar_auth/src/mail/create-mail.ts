import type { Express } from '@scholar/runtime/http';
import type { AuthDeps } from '../app.ts';
import type { VaultSource } from '../email/vault-source.ts';
import { createMailDelivery, type MailDelivery } from './delivery.ts';
import { createMailRequests, type RequestMail } from './mail-requests.ts';
import { judgeMailWay } from './mail-way.ts';
import { createMailbox } from './mailbox.ts';
import { mailboxPage } from './mailbox-page.ts';
import { createSmtpTransport } from './smtp-transport.ts';

/** Mail put together: how it is asked for, how it leaves, and the mailbox page where it lands here. */
export function createMail(deps: AuthDeps & { vault: VaultSource }): {
  /** Whether mails can be sent as things are set now. */
  works(): boolean;
  /** Address of the page on which mails land instead of leaving, where they do. */
  mailboxUrl(): string | undefined;
  request: RequestMail;
  delivery: MailDelivery;
  routes(app: Express): void;
  findings(): string[];
} {
  const { settings, metrics } = deps;
  const judge = () =>
    judgeMailWay({
      smtpUrl: deps.smtpUrl(),
      publicUrl: settings.PUBLIC_URL,
      mailbox: settings.MAILBOX,
      environment: deps.environment,
      host: deps.host,
    });
  const mailbox = createMailbox(deps);
  const delivery = createMailDelivery({
    ...deps,
    route() {
      const { way } = judge();
      const publicUrl = settings.PUBLIC_URL;
      if (way.kind === 'none' || publicUrl === undefined) return undefined;
      const from = settings.MAIL_FROM;
      return {
        publicUrl,
        transport: way.kind === 'smtp' ? createSmtpTransport({ url: way.url, from }) : mailbox,
      };
    },
    ttlMs: { verify: settings.VERIFY_LINK_TTL, password: settings.PASSWORD_LINK_TTL },
    onOutcome: (purpose, outcome) => metrics.counter('auth_mails_total').inc({ purpose, outcome }),
  });
  return {
    works: () => judge().way.kind !== 'none',
    mailboxUrl: () =>
      judge().way.kind === 'mailbox' ? new URL('/mailbox', settings.PUBLIC_URL).href : undefined,
    request: createMailRequests({
      ...deps,
      limits: {
        perAddress: settings.MAILS_PER_ADDRESS,
        perClient: settings.MAILS_PER_CLIENT,
        windowMs: settings.MAIL_WINDOW,
      },
      onQueued: () => delivery.wake(),
    }),
    delivery,
    routes(app) {
      if (judge().way.kind === 'mailbox') mailboxPage(app, mailbox.letters);
    },
    findings: () => judge().findings,
  };
}
