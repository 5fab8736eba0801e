import { authenticated, createCanaryTokenOf, requireRole } from '@scholar/runtime/auth';
import { createPeriodicTask, DAY_MS } from '@scholar/runtime/background';
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
import type { KeyEncryption } from './keys/key-encryption.ts';
import { createKeyRotation, type KeyRotation } from './keys/key-rotation.ts';
import type { SigningKeys } from './keys/signing-keys.ts';
import { createAccountLinks } from './links/account-links.ts';
import { linkRoutes } from './links/link-routes.ts';
import { loginRoute } from './login/login-route.ts';
import { createLogin } from './login/login-service.ts';
import { createLoginThrottle } from './login/throttle.ts';
import { createMail } from './mail/create-mail.ts';
import type { MailDelivery } from './mail/delivery.ts';
import { queueMail } from './mail/mail-queue-store.ts';
import type { AUTH_METRICS } from './metrics.ts';
import { onlyOperators } from './operations/only-operators.ts';
import { operationsRoutes } from './operations/operations-routes.ts';
import { createStaff } from './operations/staff.ts';
import { changePasswordRoute } from './password/change-route.ts';
import { createPasswordHasher } from './password/hasher.ts';
import { isLeaked } from './password/leaked-list.ts';
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
  /** Shared by everything here that signs. */
  keys: SigningKeys;
  /** What KEY_ENCRYPTION_KEY of this moment can do. */
  encryption: () => KeyEncryption | undefined;
  /** What operators show, at this moment. */
  operationsKey: () => string | undefined;
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
  rotation: KeyRotation;
} {
  const { clock, pool, settings, metrics, keys } = deps;
  const rotation = createKeyRotation({
    ...deps,
    rotateAfterMs: settings.SIGNING_KEY_DAYS * DAY_MS,
    tokenTtlMs: settings.ACCESS_TOKEN_TTL,
  });
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
          mailWorks: mail.works,
          requestMail: mail.request,
        }),
      });
      linkRoutes(app, {
        vault,
        links: createAccountLinks({ ...deps, hasher }),
        requestMail: mail.request,
        mailWorks: mail.works,
        mailFindings: mail.findings,
        mailboxUrl: mail.mailboxUrl,
      });
      mail.routes(app);
      loginRoute(app, {
        vault,
        login: createLogin({
          ...{ pool, hasher, sessions, throttle, isLeaked },
          mailWorks: mail.works,
          requestMail: mail.request,
        }),
        onOutcome: (outcome) => metrics.counter('auth_sign_ins_total').inc({ outcome }),
      });
      const verifier = createLocalVerifier({ keys, clock });
      const onlyPeople = only(verifier, clock, 'student', 'provider', 'staff');
      changePasswordRoute(app, {
        ...deps,
        hasher,
        throttle,
        onlyPeople,
        onQueued: () => mail.delivery.wake(),
      });
      sessionRoutes(app, {
        ...{ sessions, onlyPeople },
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
      operationsRoutes(app, {
        ...{ vault, rotation },
        onlyOperators: onlyOperators(deps.operationsKey),
        staff: createStaff({ ...deps, createUser, onQueued: () => mail.delivery.wake() }),
        mailWorks: mail.works,
        mailFindings: mail.findings,
      });
    },
    background: [keyDrift, createHousekeeping(deps), keyUpkeep(deps, rotation), mail.delivery],
    mail: mail.delivery,
    rotation,
    findings: () => [
      ...keys.findings(),
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

/** Every ten minutes: a new KEY_ENCRYPTION_KEY, a key whose time is over and what it leaves behind wait no longer. */
function keyUpkeep(deps: Pick<AuthDeps, 'clock' | 'log' | 'random'>, rotation: KeyRotation) {
  return createPeriodicTask({
    ...deps,
    name: 'the upkeep of the signing keys',
    meanwhile: 'the keys stay as they are',
    intervalMs: 10 * 60_000,
    run: () => rotation.upkeep(),
  });
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
