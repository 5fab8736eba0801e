import { judgeMailWay } from './mail-way.ts';

const given = {
  smtpUrl: undefined,
  publicUrl: 'https://auth.example.org',
  mailbox: false,
  environment: 'staging',
  host: '127.0.0.1',
};
const smtpUrl = 'smtp://mail.example.org:587';

test.each([
  ['nothing set is no mail and no fault', {}, 'none', []],
  ['an SMTP server is used', { smtpUrl, host: '0.0.0.0', environment: 'production' }, 'smtp', []],
  ['an SMTP server goes before the mailbox', { smtpUrl, mailbox: true }, 'smtp', []],
  ['links need an address to begin with', { smtpUrl, publicUrl: undefined }, 'none', ['PUBLIC_URL']],
  ['another protocol is named', { smtpUrl: 'https://mail.example.org' }, 'none', ['SMTP_URL']],
  ['the mailbox works on this machine', { mailbox: true }, 'mailbox', []],
  [
    'the mailbox is refused in production',
    { mailbox: true, environment: 'production' },
    'none',
    ['production'],
  ],
  [
    'the mailbox is refused where others can reach it',
    { mailbox: true, host: '0.0.0.0' },
    'none',
    ['other machines'],
  ],
])('%s', (_promise, change, kind, findings) => {
  const judged = judgeMailWay({ ...given, ...change });
  expect(judged.way.kind).toBe(kind);
  expect(judged.findings).toEqual(findings.map((part) => expect.stringContaining(part)));
});
