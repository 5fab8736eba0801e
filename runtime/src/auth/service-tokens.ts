import got, { HTTPError } from 'got';
import { z } from 'zod';
import type { Clock } from '../clock/index.ts';
import type { SecretSource } from '../config/index.ts';

/** No service token can be had now; the message says why and what to do. It never holds the secret. */
export class ServiceTokenUnavailable extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'ServiceTokenUnavailable';
  }
}

export interface ServiceTokens {
  /**
   * A token that is valid now, for `Authorization: Bearer`.
   * @throws ServiceTokenUnavailable when there is none and scholar_auth gives none.
   */
  get(): Promise<string>;
}

export type ServiceTokensOptions = {
  /** Base URL of scholar_auth. */
  a1Url: string;
  label: string;
  secret: Pick<SecretSource, 'current'>;
  clock: Clock;
  /** The most one request may take; 3000 ms by default. */
  timeoutMs?: number;
};

type Held = { token: string; secret: string; renewAtMs: number; expiresAtMs: number };

const answerSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

// A token is renewed at 80 % of its life: the last fifth is left for an issuer that is down.
const RENEW_AT = 0.8;
// After a failure callers share its answer for a moment instead of each waiting for a timeout.
const FAILURE_COOLDOWN_MS = 1_000;

/** Service tokens by client_credentials (RFC 6749 section 4.4), Basic `label:secret`, cached, one request at a time. */
export function createServiceTokens(options: ServiceTokensOptions): ServiceTokens {
  return new CachedServiceTokens(options);
}

class CachedServiceTokens implements ServiceTokens {
  readonly #options: ServiceTokensOptions;
  #held: Held | undefined;
  #asking: Promise<Held> | undefined;
  #failure: { error: unknown; untilMs: number } | undefined;

  constructor(options: ServiceTokensOptions) {
    this.#options = options;
  }

  async get(): Promise<string> {
    const secret = this.#options.secret.current();
    const now = this.#now();
    // A corrected secret counts at once: the token of another secret may be revoked with it.
    const held = this.#held?.secret === secret ? this.#held : undefined;
    if (held && now < held.renewAtMs) return held.token;
    if (!secret) throw noSecret(this.#options.label);
    try {
      return (await this.#renew(secret)).token;
    } catch (error) {
      if (held && now < held.expiresAtMs) return held.token;
      throw error;
    }
  }

  async #renew(secret: string): Promise<Held> {
    if (this.#failure && this.#now() < this.#failure.untilMs) throw this.#failure.error;
    this.#asking ??= this.#ask(secret).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(secret: string): Promise<Held> {
    const askedAtMs = this.#now();
    try {
      const { access_token, expires_in } = await requestToken({ ...this.#options, clientSecret: secret });
      const lifeMs = expires_in * 1_000;
      const times = { renewAtMs: askedAtMs + lifeMs * RENEW_AT, expiresAtMs: askedAtMs + lifeMs };
      this.#held = { token: access_token, secret, ...times };
      this.#failure = undefined;
      return this.#held;
    } catch (cause) {
      const error = new ServiceTokenUnavailable(explain(cause, this.#options), { cause });
      this.#failure = { error, untilMs: this.#now() + FAILURE_COOLDOWN_MS };
      throw error;
    }
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}

async function requestToken(
  options: ServiceTokensOptions & { clientSecret: string },
): Promise<z.infer<typeof answerSchema>> {
  const { a1Url, label, clientSecret, timeoutMs = 3_000 } = options;
  const credentials = Buffer.from(`${label}:${clientSecret}`);
  const request = got.post(`${a1Url}/oauth/token`, {
    form: { grant_type: 'client_credentials' },
    headers: { authorization: `Basic ${credentials.toString('base64')}` },
    timeout: { request: timeoutMs },
    retry: { limit: 0 },
    followRedirect: false,
  });
  return answerSchema.parse(await request.json());
}

function noSecret(label: string): ServiceTokenUnavailable {
  return new ServiceTokenUnavailable(
    `${label} has no SERVICE_SECRET, so it cannot call other services: set SERVICE_SECRET or SERVICE_SECRET_FILE.`,
  );
}

function explain(cause: unknown, { a1Url, label }: ServiceTokensOptions): string {
  const status = cause instanceof HTTPError ? cause.response.statusCode : undefined;
  if (status === 401 || status === 400) {
    return `scholar_auth refused the SERVICE_SECRET of ${label} (${status}): its entry in SERVICE_CLIENTS_DIR must hold the SHA-256 of this secret.`;
  }
  if (status !== undefined)
    return `scholar_auth at ${a1Url} answered ${status} to ${label}'s request for a token.`;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `scholar_auth at ${a1Url} gave no service token${code}: start it or correct A1_URL.`;
}
