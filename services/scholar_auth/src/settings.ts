import { defineSettings, setting } from '@scholar/runtime/config';

const MINUTE = 60_000;

/** What scholar_auth reads beside the settings of every service. */
export const authSettings = defineSettings({
  EMAIL_HASH_KEY: setting.secret({
    description: 'Key of the address hashes, and of what the sealed addresses are encrypted with.',
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
});
