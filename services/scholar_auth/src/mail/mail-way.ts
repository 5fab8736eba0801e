/** How mails leave: over SMTP, into the mailbox page, or not at all. */
export type MailWay = { kind: 'smtp'; url: string } | { kind: 'mailbox' } | { kind: 'none' };

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Which way mails go, and what is wrong with the settings. The mailbox shows everybody's links to whoever can open
 * its page, so it is refused in production and on a listener that other machines reach.
 */
export function judgeMailWay(given: {
  smtpUrl: string | undefined;
  publicUrl: string | undefined;
  mailbox: boolean;
  environment: string;
  host: string;
}): { way: MailWay; findings: string[] } {
  const none = (finding?: string) => ({
    way: { kind: 'none' } as const,
    findings: finding === undefined ? [] : [finding],
  });
  const { smtpUrl, publicUrl, mailbox, environment, host } = given;
  if (smtpUrl === undefined && !mailbox) return none();
  if (publicUrl === undefined)
    return none('PUBLIC_URL is not set: mails have no address to link to, and none is sent');
  if (smtpUrl !== undefined) {
    if (!/^smtps?:\/\//u.test(smtpUrl) || !URL.canParse(smtpUrl))
      return none('SMTP_URL is not smtp:// or smtps://: no mail is sent');
    return { way: { kind: 'smtp', url: smtpUrl }, findings: [] };
  }
  if (environment === 'production')
    return none('MAILBOX is set in production, where it is refused: set SMTP_URL');
  if (!LOOPBACK.has(host))
    return none('MAILBOX is set on a listener that other machines reach: set SMTP_URL');
  return { way: { kind: 'mailbox' }, findings: [] };
}
