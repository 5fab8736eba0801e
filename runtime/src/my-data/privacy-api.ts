import type { Got } from 'got';
import { z } from 'zod';
import { createOutage } from '../away/index.ts';
import type { Logger } from '../log/index.ts';

/** An export asks six services, 5 s at most; our own answer has to come before the visitor's patience ends. */
const TIMEOUT_MS = 8_000;

/** `refused`: what to say about the password. `unavailable`: scholar_auth is away or not able to; nothing was decided. */
export type Asked<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'refused'; status: 422 | 429; words: string }
  | { kind: 'signed_out' }
  | { kind: 'unavailable' };

const exportSchema = z.looseObject({ complete: z.boolean(), missing: z.array(z.string()) });
const requestedSchema = z.object({ request_id: z.uuid() });
const stepSchema = z.object({ confirmed_at: z.string().nullable(), last_problem: z.string().nullish() });
const statusSchema = z.object({
  finished_at: z.string().nullable(),
  // A scholar_auth of a release back tells nothing of forwarders.
  parties: z.array(stepSchema.extend({ party: z.string(), forwarders: stepSchema.nullish() })),
});

export type Step = z.infer<typeof stepSchema>;
export type ErasureStatus = z.infer<typeof statusSchema>;
/** A person and the proof that it is them: the session could be somebody else's. */
export type Owner = { accessToken: string; password: string };

export type PrivacyApi = ReturnType<typeof createPrivacyApi>;

/** What scholar_auth does for a person about their data. The password goes there and nowhere else. */
export function createPrivacyApi(deps: { fetchJson: Pick<Got, 'post' | 'get'>; a1Url: string; log: Logger }) {
  const outage = createOutage(deps.log, 'scholar_auth');

  async function post<T>(path: string, owner: Owner, expect: z.ZodType<T>): Promise<Asked<T>> {
    try {
      const { statusCode, body } = await deps.fetchJson.post(`${deps.a1Url}${path}`, {
        json: { password: owner.password },
        headers: { authorization: `Bearer ${owner.accessToken}` },
        timeout: { request: TIMEOUT_MS },
        throwHttpErrors: false,
      });
      const asked = judge(statusCode, body, expect);
      if (asked.kind === 'unavailable') throw new Error(`POST ${path} was answered ${statusCode}`);
      outage.over();
      return asked;
    } catch (err) {
      outage.noticed(err);
      return { kind: 'unavailable' };
    }
  }

  return {
    /** Everything that is kept of the owner, as scholar_auth tells it. */
    takeOut: (owner: Owner) => post('/privacy/exports', owner, exportSchema),
    /** Ends the account; the id under which its erasure can be followed. */
    erase: (owner: Owner) => post('/privacy/erasures', owner, requestedSchema),
    /** How far an erasure is; undefined where nobody can say, or there is none. */
    async status(requestId: string): Promise<ErasureStatus | undefined> {
      try {
        const { statusCode, body } = await deps.fetchJson.get(`${deps.a1Url}/privacy/erasures/${requestId}`, {
          timeout: { request: TIMEOUT_MS },
          throwHttpErrors: false,
        });
        return statusCode === 200 ? statusSchema.parse(body) : undefined;
      } catch (err) {
        outage.noticed(err);
        return undefined;
      }
    },
  };
}

const problemSchema = z.object({ code: z.string() });

function judge<T>(statusCode: number, body: unknown, expect: z.ZodType<T>): Asked<T> {
  if (statusCode >= 200 && statusCode < 300) {
    const parsed = expect.safeParse(body);
    return parsed.success ? { kind: 'ok', value: parsed.data } : { kind: 'unavailable' };
  }
  switch (problemSchema.safeParse(body).data?.code) {
    case 'invalid_credentials':
    case 'validation_failed':
      return { kind: 'refused', status: 422, words: 'This is not the password of this account.' };
    case 'rate_limited':
      return {
        kind: 'refused',
        status: 429,
        words: 'There were too many failed attempts. Wait a few minutes, then try again.',
      };
    case 'unauthorized':
      return { kind: 'signed_out' };
    default:
      return { kind: 'unavailable' };
  }
}
