import { defineSettings, setting } from '@scholar/runtime/config';

const MINUTE = 60_000;

/** What scholar_auth reads beside the settings of every service. */
export const authSettings = defineSettings({
  EMAIL_HASH_KEY: setting.secret({
    description: 'Key of the address hashes, and of what the sealed addresses are encrypted with.',
  }),
  KEY_ENCRYPTION_KEY: setting.secret({
    description:
      'Key that the private halves of signing keys are sealed with; new,old separated by a comma while it is changed.',
  }),
  SIGNING_KEY_DAYS: setting.int({
    description: 'Days after which a signing key gets a successor; 0 = only when operations asks for one.',
    default: 90,
    min: 0,
    max: 3_650,
  }),
  SERVICE_CLIENTS_DIR: setting.string({
    description: 'Folder with one <label>.json {"sha256"} per service that may ask for a service token.',
    optional: true,
  }),
  ACCESS_TOKEN_TTL: setting.duration({ description: 'Lifetime of an access token.', default: 10 * MINUTE }),
  SESSION_TTL: setting.duration({
    description: 'How long after sign-in a session can be refreshed.',
    default: 30 * 24 * 60 * MINUTE,
  }),
  ARGON2_MEMORY_KIB: setting.int({
    description: 'Memory of one password hash in KiB (OWASP: 19 MiB).',
    default: 19_456,
    min: 8,
    max: 1_048_576,
  }),
  ARGON2_PASSES: setting.int({
    description: 'Passes of one password hash (OWASP: 2).',
    default: 2,
    min: 1,
    max: 100,
  }),
  ARGON2_LANES: setting.int({
    description: 'Lanes of one password hash (OWASP: 1).',
    default: 1,
    min: 1,
    max: 16,
  }),
  PASSWORD_PLACES: setting.int({
    description: 'Password hashes that run at once; each takes a thread of the pool and ARGON2_MEMORY_KIB.',
    default: 2,
    min: 1,
    max: 64,
  }),
  PASSWORD_QUEUE: setting.int({
    description: 'Password hashes that may wait; beyond that the answer is 503 with Retry-After.',
    default: 100,
    min: 0,
    max: 10_000,
  }),
  LOGIN_FAILURES_PER_ADDRESS: setting.int({
    description: 'Failed sign-ins allowed per e-mail address in one window.',
    default: 10,
    min: 1,
  }),
  LOGIN_FAILURES_PER_CLIENT: setting.int({
    description: 'Failed sign-ins allowed per client address in one window.',
    default: 100,
    min: 1,
  }),
  LOGIN_WINDOW: setting.duration({ description: 'Window of the sign-in limits.', default: 15 * MINUTE }),
  SMTP_URL: setting.secret({
    description:
      'SMTP server that takes mails: smtp://user:password@host:587 or smtps://…; needs PUBLIC_URL.',
    optional: true,
  }),
  MAIL_FROM: setting.string({
    description: 'Sender of mails, Name <address>.',
    default: 'scholar <no-reply@localhost>',
  }),
  PUBLIC_URL: setting.url({
    description: 'Address under which people reach this service; links in mails begin with it.',
    optional: true,
    tolerant: true,
    needed: false,
  }),
  MAILBOX: setting.boolean({
    description: 'Mails land at /mailbox instead of an SMTP server; only on a machine of one person.',
    default: false,
  }),
  VERIFY_LINK_TTL: setting.duration({
    description: 'How long a link that confirms an address works.',
    default: 24 * 60 * MINUTE,
  }),
  PASSWORD_LINK_TTL: setting.duration({
    description: 'How long a link that sets a password works.',
    default: 60 * MINUTE,
  }),
  MAILS_PER_ADDRESS: setting.int({
    description: 'Mails that may be asked for per e-mail address in MAIL_WINDOW.',
    default: 5,
    min: 1,
  }),
  MAILS_PER_CLIENT: setting.int({
    description: 'Mails that may be asked for per client address in MAIL_WINDOW.',
    default: 50,
    min: 1,
  }),
  MAIL_WINDOW: setting.duration({ description: 'Window of the limits of mails.', default: 60 * MINUTE }),
});
