import { createLoop, type Loop } from '@scholar/runtime/background';
import type { Clock } from '@scholar/runtime/clock';
import type { Logger } from '@scholar/runtime/log';
import type { Pool } from 'pg';
import type { VaultSource } from '../email/vault-source.ts';
import { makeLink } from '../links/link-store.ts';
import { type Letter, type LinkPurpose, letterFor, type MailPurpose, noticeFor } from './letters.ts';
import { leaseMail, putMailOff, type QueuedMail, removeMail } from './mail-queue-store.ts';
import { MailRefused, type MailTransport } from './transport.ts';

/** Longer than one sending can take, so that two replicas never send one mail at once. */
const LEASE_MS = 60_000;
const IDLE_MS = 5_000;
const RETRY = { baseMs: 5_000, capMs: 15 * 60_000 };
/** With the waits above about a day. */
const MAX_ATTEMPTS = 100;

export type MailOutcome = 'sent' | 'failed' | 'given_up';

export interface MailDelivery extends Pick<Loop, 'start' | 'stop' | 'wake'> {
  /** Sends what is due now and answers how many mails it took up. */
  deliverDue(signal?: AbortSignal): Promise<number>;
}

/**
 * Sends what is queued. The link is made when its mail is sent, so its token is nowhere but in that mail. A mail that
 * was sent just before the process died is sent once more, with another link; both work until one is used.
 */
export function createMailDelivery(deps: {
  pool: Pool;
  clock: Clock;
  log: Logger;
  vault: VaultSource;
  /** Where mails go now, and the address that their links begin with; undefined while mail is not set up. */
  route: () => { transport: MailTransport; publicUrl: string } | undefined;
  ttlMs: Record<LinkPurpose, number>;
  onOutcome: (purpose: MailPurpose, outcome: MailOutcome) => void;
}): MailDelivery {
  const { pool, clock, log } = deps;
  const at = (inMs = 0): Date => new Date(clock.now() + inMs);
  let failing = false;

  async function deliver(
    mail: QueuedMail,
    route: { transport: MailTransport; publicUrl: string },
  ): Promise<void> {
    await route.transport.send(await letterOf(mail, route.publicUrl));
    await removeMail(pool, mail.mailId);
  }

  async function letterOf({ purpose, userId, emailSealed }: QueuedMail, publicUrl: string): Promise<Letter> {
    const to = deps.vault().open(emailSealed, userId);
    if (purpose === 'taken' || purpose === 'changed') return noticeFor({ purpose, to, publicUrl });
    const ttlMs = deps.ttlMs[purpose];
    const token = await makeLink(pool, { userId, purpose, expiresAt: at(ttlMs) });
    return letterFor({ purpose, to, publicUrl, token, ttlMs });
  }

  async function attempt(mail: QueuedMail, route: Parameters<typeof deliver>[1]): Promise<MailOutcome> {
    try {
      await deliver(mail, route);
      if (failing) log.info('mails are sent again');
      failing = false;
      return 'sent';
    } catch (err) {
      if (!failing) log.warn({ err }, 'a mail could not be sent; it is tried again');
      failing = true;
      if ((err instanceof MailRefused && err.forGood) || mail.attempts >= MAX_ATTEMPTS) {
        await removeMail(pool, mail.mailId);
        return 'given_up';
      }
      const waitMs = Math.min(RETRY.capMs, RETRY.baseMs * 2 ** Math.min(mail.attempts - 1, 20));
      await putMailOff(pool, mail.mailId, at(waitMs));
      return 'failed';
    }
  }

  async function deliverDue(signal?: AbortSignal): Promise<number> {
    let taken = 0;
    for (;;) {
      const route = deps.route();
      if (!route || signal?.aborted) return taken;
      const mail = await leaseMail(pool, { at: at(), until: at(LEASE_MS) });
      if (!mail) return taken;
      taken += 1;
      deps.onOutcome(mail.purpose, await attempt(mail, route));
    }
  }

  const loop = createLoop({
    clock,
    async pass(signal) {
      await deliverDue(signal).catch((err: unknown) => {
        if (!failing) log.warn({ err }, 'the queue of mails could not be read; it is tried again');
        failing = true;
      });
      return IDLE_MS;
    },
  });
  return { ...loop, deliverDue };
}
