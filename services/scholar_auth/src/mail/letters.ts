/** What the link in a mail is for: to prove an address, or to choose a password, which proves the address as well. */
export type LinkPurpose = 'verify' | 'password';

/** What a mail without a link tells: somebody signed up with the address of an account, or its password was changed. */
export type NoticePurpose = 'taken' | 'changed';

export type MailPurpose = LinkPurpose | NoticePurpose;

export type Letter = { to: string; subject: string; text: string };

const HOUR_MS = 3_600_000;

/** Where a link of each purpose leads, on this service. */
export const LINK_PATHS: Record<LinkPurpose, string> = {
  verify: '/verify-email',
  password: '/password/new',
};

/**
 * The mail with a link. It names nobody and quotes nothing that a stranger typed, so nobody can send their words in
 * our name.
 * @param mail.ttlMs how long the link works, ms.
 */
export function letterFor(mail: {
  purpose: LinkPurpose;
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

/** The mail without a secret; it leads to the page on which a link is asked for. */
export function noticeFor(mail: { purpose: NoticePurpose; to: string; publicUrl: string }): Letter {
  const { subject, lead, otherwise } = NOTICES[mail.purpose];
  return { to: mail.to, subject, text: `${lead}\n${otherwise}\n\n${mail.publicUrl}/password/forgot\n` };
}

const NOTICES: Record<NoticePurpose, { subject: string; lead: string; otherwise: string }> = {
  taken: {
    subject: 'You have an account already',
    lead: 'Somebody tried to make an account at scholar with this address, which has one already. Nothing was changed.',
    otherwise: 'If it was you, sign in with your password, or choose a new one here:',
  },
  changed: {
    subject: 'Your password was changed',
    lead: 'The password of the account of this address at scholar was changed, and every session was ended.',
    otherwise: 'If it was not you, choose a new one here, and see to it that nobody else reads your mail:',
  },
};

const WORDS: Record<LinkPurpose, { subject: string; lead: string; otherwise: string }> = {
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
