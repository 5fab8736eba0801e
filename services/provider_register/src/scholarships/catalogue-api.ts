import { HEADER } from '@scholar/contract';
import { createOutage, within } from '@scholar/runtime/away';
import type { Logger } from '@scholar/runtime/log';
import type { ServiceDeps } from '@scholar/runtime/service';
import { z } from 'zod';

const scholarshipSchema = z.object({
  id: z.string(),
  /** Goes up with each change. */
  revision: z.number(),
  status: z.enum(['draft', 'published', 'expired']),
  title: z.string(),
  description: z.string(),
  url: z.string().nullable(),
  degree_levels: z.array(z.string()),
  fields_of_study: z.array(z.string()),
  regions: z.array(z.string()),
  citizenships: z.array(z.string()),
  min_gpa: z.number().nullable(),
  max_income_band: z.number().nullable(),
  min_age: z.number().nullable(),
  max_age: z.number().nullable(),
  amount_cents: z.number(),
  currency: z.string(),
  deadline: z.string().nullable(),
});

/** A release before scholarship_api noted listings says nothing of them. */
const ownSchema = scholarshipSchema.extend({ took_listing: z.boolean().optional() });

const pageSchema = z.object({
  scholarships: z.array(ownSchema),
  next_cursor: z.string().nullable(),
});

/** A scholarship as scholarship_api tells its owner. */
export type Scholarship = z.output<typeof scholarshipSchema>;

/** One of a list of its owner's: whether it took up a listing; undefined where that is not noted. */
export type OwnScholarship = z.output<typeof ownSchema>;

/** What of it a provider says. */
export type ScholarshipInput = Omit<Scholarship, 'id' | 'status' | 'revision'>;

/**
 * `refused`: what was expected, by field, with the empty name for what belongs to none. `gone`: not there, or somebody
 * else's. `outdated`: it was changed after the revision that was named. `unpaid`: no paid listing is left for it. `unavailable`:
 * nothing was decided.
 */
export type Answer<T> =
  | { kind: 'ok'; value: T }
  | { kind: 'refused'; errors: Record<string, string> }
  | { kind: 'gone' }
  | { kind: 'outdated'; revision: number }
  | { kind: 'unpaid' }
  | { kind: 'unavailable' };

/** scholarship_api in the name of a provider: it is scholarship_api that decides whose scholarship is whose. */
export interface Catalogue {
  /** All of them, newest first. */
  mine(token: string): Promise<Answer<OwnScholarship[]>>;
  /** As a draft; with the same key again what it made before, as it is by now. */
  create(token: string, key: string, input: ScholarshipInput): Promise<Answer<Scholarship>>;
  /** @param revision the one that the change is made of; undefined for whichever is there. */
  change(
    token: string,
    { id, revision }: { id: string; revision: number | undefined },
    patch: Partial<ScholarshipInput> & { status?: Scholarship['status'] },
  ): Promise<Answer<Scholarship>>;
  remove(token: string, id: string): Promise<Answer<unknown>>;
  /**
   * In our own name, since only we know what was paid: scholarship_api judges whether so many listings are enough.
   * @param proof.listings how many this owner has paid for and not got back
   */
  publish(
    scholarship: Pick<Scholarship, 'id' | 'revision'>,
    proof: { owner: string; listings: number },
  ): Promise<Answer<Scholarship>>;
}

/** 20 pages of 500: a list that does not end is a fault of the cursor. */
const MOST_PAGES = 20;

/** The most that a page waits for one answer of scholarship_api, ms. */
const PATIENCE_MS = 4_000;

const problemSchema = z.object({
  code: z.string(),
  detail: z.string().default('This was not accepted.'),
  errors: z.array(z.object({ pointer: z.string(), expected: z.string() })).default([]),
});

export function createCatalogue(deps: {
  fetchJson: ServiceDeps['fetchJson'];
  serviceTokens: ServiceDeps['serviceTokens'];
  a2Url: string;
  log: Logger;
}): Catalogue {
  const outage = createOutage(deps.log, 'scholarship_api');

  async function ask<T>(
    request: {
      method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
      path: string;
      /** Of a provider; without it we ask in our own name. */
      token?: string;
      json?: object;
      revision?: number | undefined;
      key?: string;
    },
    expected: z.ZodType<T>,
  ): Promise<Answer<T>> {
    const { method, path, json, revision, key } = request;
    try {
      const token = request.token ?? (await deps.serviceTokens.get());
      const { statusCode, body } = await within(PATIENCE_MS, (signal) =>
        deps.fetchJson(`${deps.a2Url}/scholarships${path}`, {
          method,
          headers: {
            [HEADER.authorization]: `Bearer ${token}`,
            ...(revision === undefined ? {} : { 'if-match': `"${revision}"` }),
            ...(key === undefined ? {} : { 'idempotency-key': key }),
          },
          ...(json === undefined ? {} : { json }),
          throwHttpErrors: false,
          signal,
        }),
      );
      const answer = judge(statusCode, body, expected);
      if (answer.kind === 'unavailable') throw new Error(`${method} was answered ${statusCode}`);
      outage.over();
      return answer;
    } catch (err) {
      outage.noticed(err);
      return { kind: 'unavailable' };
    }
  }

  async function mine(token: string): Promise<Answer<OwnScholarship[]>> {
    const all: OwnScholarship[] = [];
    let query = '';
    for (let count = 0; count < MOST_PAGES; count += 1) {
      const page = await ask({ method: 'GET', path: `/mine${query}`, token }, pageSchema);
      if (page.kind !== 'ok') return page;
      all.push(...page.value.scholarships);
      const cursor = page.value.next_cursor;
      if (cursor === null) return { kind: 'ok', value: all };
      query = `?cursor=${encodeURIComponent(cursor)}`;
    }
    return { kind: 'unavailable' };
  }

  return {
    mine,
    create: (token, key, json) => ask({ method: 'POST', path: '', token, key, json }, scholarshipSchema),
    change: (token, { id, revision }, json) =>
      ask({ method: 'PATCH', path: `/${id}`, token, json, revision }, scholarshipSchema),
    remove: (token, id) => ask({ method: 'DELETE', path: `/${id}`, token }, z.unknown()),
    publish: ({ id, revision }, { owner, listings }) =>
      ask(
        {
          ...{ method: 'POST', path: `/${id}/publish`, revision },
          json: { owner_provider_id: owner, listings },
        },
        scholarshipSchema,
      ),
  };
}

function judge<T>(statusCode: number, body: unknown, expected: z.ZodType<T>): Answer<T> {
  if (statusCode >= 200 && statusCode < 300) {
    const value = expected.safeParse(body);
    return value.success ? { kind: 'ok', value: value.data } : { kind: 'unavailable' };
  }
  const problem = problemSchema.safeParse(body);
  if (problem.data?.code === 'listing_unpaid') return { kind: 'unpaid' };
  if (statusCode === 403 || statusCode === 404) return { kind: 'gone' };
  if (statusCode === 412) {
    const outdated = z.object({ revision: z.number() }).safeParse(body);
    return outdated.success ? { kind: 'outdated', ...outdated.data } : { kind: 'unavailable' };
  }
  if (statusCode !== 422 || !problem.success) return { kind: 'unavailable' };
  const errors: Record<string, string> = {};
  // Of a list the first wrong part speaks for the whole field.
  for (const { pointer, expected: what } of problem.data.errors)
    errors[pointer.split('/')[1] ?? ''] ??= `This has to be ${what}.`;
  return { kind: 'refused', errors: Object.keys(errors).length > 0 ? errors : { '': problem.data.detail } };
}
