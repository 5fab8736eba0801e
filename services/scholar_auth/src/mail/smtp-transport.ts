import { createTransport } from 'nodemailer';
import { MailRefused, type MailTransport } from './transport.ts';

const TIMEOUT_MS = 10_000;

/**
 * Sends over SMTP, one connection per mail: nothing to keep alive between the few mails of this service.
 * @param options.url `smtp://user:password@host:587` (upgraded by STARTTLS where the server has it) or `smtps://…`.
 * @param options.from the sender, `Name <address>`.
 */
export function createSmtpTransport(options: { url: string; from: string }): MailTransport {
  const transport = createTransport(
    {
      url: options.url,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      // Nothing that is sent here comes from a file or another address of the network.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: options.from },
  );
  return {
    async send(letter) {
      try {
        await transport.sendMail(letter);
      } catch (error) {
        throw refused(error);
      }
    },
  };
}

/** Keeps the code only: what a server says often repeats the address. */
function refused(error: unknown): MailRefused {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  const reason = [code, responseCode].filter((part) => part !== undefined).join(' ') || 'no reason given';
  // A wrong password of ours (EAUTH, 535) is no fault of the mail: it waits until that is put right.
  const forGood = code !== 'EAUTH' && responseCode !== undefined && responseCode >= 500;
  return new MailRefused(reason, forGood);
}
