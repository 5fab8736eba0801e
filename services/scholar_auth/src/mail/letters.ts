/** Why a mail goes out: to prove an address, or to choose a password, which proves the address as well. */
export type MailPurpose = 'verify' | 'password';

export type Letter = { to: string; subject: string; text: string };

const HOUR_MS = 3_600_000;

/** Where a link of each purpose leads, on this service. */
export const LINK_PATHS: Record<MailPurpose, string> = {
  verify: '/verify-email',
  password: '/password/new',
};

/**
 * The mail of a purpose. It names nobody and quotes nothing that a stranger typed, so nobody can send their words in
 * our name.
 * @param mail.ttlMs how long the link works, ms.
 */
export function letterFor(mail: {
  purpose: MailPurpose;
  to: string;
  publicUrl: string;
  token: string;
  ttlMs: number;
}): Letter {
  const link = `${mail.publicUrl}${LINK_PATHS[mail.purpose]}?token=${mail.token}`;
  const { subject, lead, otherwise } = WORDS[mail.purpose];
  const text = `${lead}\n\n${link}\n\nThe link works once, for ${spoken(mail.ttlMs)}.\n${otherwise}\n`;
  return { to: mail.to, subject, text };
}

const WORDS: Record<MailPurpose, { subject: string; lead: string; otherwise: string }> = {
  verify: {
    subject: 'Confirm your e-mail address',
    lead: 'Somebody made an account at scholar with this address. If it was you, confirm it here:',
    otherwise: 'If it was not you, there is nothing to do.',
  },
  password: {
    subject: 'Choose your password',
    lead: 'Somebody asked for a new password for the account of this address at scholar. If it was you, choose one here:',
    otherwise: 'If it was not you, there is nothing to do: the password stays as it is.',
  },
};

function spoken(ms: number): string {
  const hours = ms / HOUR_MS;
  if (hours >= 1 && Number.isInteger(hours)) return hours === 1 ? 'one hour' : `${hours} hours`;
  return `${Math.max(1, Math.round(ms / 60_000))} minutes`;
}
