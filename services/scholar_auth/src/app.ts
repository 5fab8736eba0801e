import { authenticated, createCanaryTokenOf, requireRole } from '@scholar/runtime/auth';
import type { Clock } from '@scholar/runtime/clock';
import type { SettingsValues } from '@scholar/runtime/config';
import type { Express, RequestHandler } from '@scholar/runtime/http';
import type { Logger } from '@scholar/runtime/log';
import type { Metrics } from '@scholar/runtime/metrics';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { Pool } from 'pg';
import { createKeyDrift } from './email/key-drift.ts';
import { createVaultSource } from './email/vault-source.ts';
import { createHousekeeping } from './housekeeping.ts';
import { internalUsersRoute } from './internal-users/internal-users-route.ts';
import { jwksRoute } from './keys/jwks-route.ts';
import { createSigningKeys } from './keys/signing-keys.ts';
import { createAccountLinks } from './links/account-links.ts';
import { linkRoutes } from './links/link-routes.ts';
import { loginRoute } from './login/login-route.ts';
import { createLogin } from './login/login-service.ts';
import { createLoginThrottle } from './login/throttle.ts';
import { createMail } from './mail/create-mail.ts';
import type { MailDelivery } from './mail/delivery.ts';
import { queueMail } from './mail/mail-queue-store.ts';
import type { AUTH_METRICS } from './metrics.ts';
import { createPasswordHasher } from './password/hasher.ts';
import { createServiceClients } from './service-tokens/service-clients.ts';
import { tokenRoute } from './service-tokens/token-route.ts';
import { sessionRoutes } from './sessions/session-route.ts';
import { createSessionService } from './sessions/session-service.ts';
import type { authSettings } from './settings.ts';
import { signupRoute } from './signup/signup-route.ts';
import { createSignUp } from './signup/signup-service.ts';
import { createAccessTokens } from './tokens/access-tokens.ts';
import { createLocalVerifier } from './tokens/local-verifier.ts';
import { createUserCreator } from './users/create-user.ts';

export type AuthDeps = Pick<ServiceDeps, 'record' | 'withTransaction'> & {
  pool: Pool;
  clock: Clock;
  log: Logger;
  random: () => number;
  settings: SettingsValues<typeof authSettings>;
  /** EMAIL_HASH_KEY and CANARY_KEY of this moment. */
  emailHashKey: () => string | undefined;
  canaryKey: () => string | undefined;
  /** SMTP_URL of this moment. */
  smtpUrl: () => string | undefined;
  environment: string;
  /** Address of the public listener. */
  host: string;
  metrics: Metrics<typeof AUTH_METRICS>;
};

/** Puts scholar_auth together: its routes, what runs beside them, and what /running should say. */
export function createAuth(deps: AuthDeps): {
  routes: (app: Express) => void;
  background: { start(): unknown; stop?(): unknown }[];
  findings: () => string[];
  mail: Pick<MailDelivery, 'deliverDue'>;
} {
  const { clock, pool, settings, metrics } = deps;
  const keys = createSigningKeys(deps);
  const accessTokens = createAccessTokens({ keys, clock, ttlMs: settings.ACCESS_TOKEN_TTL });
  const sessions = createSessionService({ ...deps, accessTokens, sessionTtlMs: settings.SESSION_TTL });
  const hasher = createHasher(settings);
  const vault = createVaultSource(deps.emailHashKey);
  const mail = createMail({ ...deps, vault });
  const createUser = createUserCreator({
    ...deps,
    async welcome(tx, userId) {
      if (mail.works()) await queueMail(tx, { userId, purpose: 'verify', at: new Date(clock.now()) });
    },
    onCreated: (origin, canary) =>
      metrics.counter('auth_accounts_total').inc({ origin, canary: String(canary) }),
  });
  const keyDrift = createKeyDrift({ ...deps, vault, hasKey: () => Boolean(deps.emailHashKey()) });
  const canaryTokenOf = createCanaryTokenOf({ canaryKey: { current: deps.canaryKey }, clock });
  const throttle = createLoginThrottle({ pool, clock, limits: limitsOf(settings) });
  const clientsDir = settings.SERVICE_CLIENTS_DIR;

  return {
    routes(app) {
      signupRoute(app, {
        vault,
        canaryTokenOf,
        signUp: createSignUp({
          pool,
          hasher,
          createUser,
          claimByMail: mail.works,
          requestMail: mail.request,
        }),
      });
      linkRoutes(app, {
        vault,
        links: createAccountLinks({ ...deps, hasher }),
        requestMail: mail.request,
        mailWorks: mail.works,
      });
      mail.routes(app);
      loginRoute(app, {
        vault,
        login: createLogin({ pool, hasher, sessions, throttle }),
        onOutcome: (outcome) => metrics.counter('auth_sign_ins_total').inc({ outcome }),
      });
      const verifier = createLocalVerifier({ keys, clock });
      sessionRoutes(app, {
        sessions,
        onlyPeople: only(verifier, clock, 'student', 'provider', 'staff'),
        onRefresh: (outcome) => metrics.counter('auth_refreshes_total').inc({ outcome }),
      });
      jwksRoute(app, keys);
      tokenRoute(app, { accessTokens, clients: clientsDir ? createServiceClients(clientsDir) : undefined });
      internalUsersRoute(app, {
        vault,
        createUser,
        canaryTokenOf,
        onlyServices: only(verifier, clock, 'service'),
      });
    },
    background: [keyDrift, createHousekeeping(deps), mail.delivery],
    mail: mail.delivery,
    findings: () => [
      ...keyDrift.findings(),
      ...mail.findings(),
      ...(clientsDir ? [] : ['SERVICE_CLIENTS_DIR is not set: no service can get a token']),
    ],
  };
}

/** A canary token alone opens nothing here: the caller has to have one of the roles. */
function only(
  verifier: ReturnType<typeof createLocalVerifier>,
  clock: Clock,
  ...roles: [string, ...string[]]
): RequestHandler[] {
  return [authenticated({ verifier, canaryKey: undefined, clock }), requireRole(...roles)];
}

/** The hasher at the cost of the settings. */
export function createHasher(settings: AuthDeps['settings']) {
  return createPasswordHasher({
    cost: {
      memoryKib: settings.ARGON2_MEMORY_KIB,
      passes: settings.ARGON2_PASSES,
      lanes: settings.ARGON2_LANES,
    },
    places: settings.PASSWORD_PLACES,
    maxWaiting: settings.PASSWORD_QUEUE,
  });
}

/** The limits of sign-ins of the settings. */
export function limitsOf(settings: AuthDeps['settings']) {
  return {
    perAddress: settings.LOGIN_FAILURES_PER_ADDRESS,
    perClient: settings.LOGIN_FAILURES_PER_CLIENT,
    windowMs: settings.LOGIN_WINDOW,
  };
}
