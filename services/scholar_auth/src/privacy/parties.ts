import { APP_LABELS, type AppLabel } from '@scholar/contract';
import {
  ERASE_PATH,
  erasedSchema,
  FIND_PATH,
  FORWARDERS_PATH,
  type ForwarderState,
  forwarderStateSchema,
  foundSchema,
  type Person,
} from '@scholar/runtime/personal-data';

/** Sends JSON to another service and tells what came back; rejects when nothing did. */
export type PostJson = (
  url: string,
  request: { json: object; bearer: string; timeoutMs: number },
) => Promise<{ status: number; body: unknown }>;

/** A party did not do what it was asked; `code` is short and speaks of nobody. It is kept in a column. */
export class PartyFailed extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.name = 'PartyFailed';
    this.code = code;
  }
}

const TIMEOUT_MS = 5_000;

/** Who keeps personal data beside us; A8 keeps the tombstone and is asked when all of these have confirmed. */
export type Party = Exclude<AppLabel, 'scholar_auth'>;

/** The setting that says where a service is. */
export const URL_OF = {
  scholarship_api: 'A2_URL',
  scholarship_agent: 'A3_URL',
  scholarship_sage: 'A4_URL',
  student_pilot: 'A5_URL',
  provider_register: 'A6_URL',
  auto_page_maker: 'A7_URL',
} as const satisfies Record<Party, string>;

export const PARTIES: readonly Party[] = APP_LABELS.filter((label) => label !== 'scholar_auth');

export type Parties = ReturnType<typeof createParties>;

/** What can be asked of the others. Everything rejects with PartyFailed, and nothing else. */
export function createParties(deps: {
  urlOf: (party: Party) => string | undefined;
  serviceToken: () => Promise<string>;
  hub: () => { url: string | undefined; key: string | undefined };
  post: PostJson;
}) {
  async function send(url: string, json: object, bearer: string, expected: number): Promise<unknown> {
    const { status, body } = await deps.post(url, { json, bearer, timeoutMs: TIMEOUT_MS }).catch(noAnswer);
    if (status !== expected) throw new PartyFailed(`answered_${status}`);
    return body;
  }

  async function ask(party: Party, path: string, json: object): Promise<unknown> {
    const base = deps.urlOf(party);
    if (base === undefined) throw new PartyFailed('not_configured');
    return send(`${base}${path}`, json, await deps.serviceToken(), 200);
  }

  const about = ({ userId, email }: Person) => ({
    user_id: userId,
    ...(email === undefined ? {} : { email }),
  });

  return {
    /** Settings without which not everybody could be asked to erase a person, by name; none where all is well. */
    unset(): string[] {
      const { url, key } = deps.hub();
      return [
        ...PARTIES.filter((party) => deps.urlOf(party) === undefined).map((party) => URL_OF[party]),
        ...(url === undefined ? ['A8_URL'] : []),
        ...(key ? [] : ['A8_OPERATIONS_KEY']),
      ];
    },
    async find(party: Party, person: Person) {
      const parsed = foundSchema.safeParse(await ask(party, FIND_PATH, about(person)));
      if (!parsed.success) throw new PartyFailed('nonsense');
      return parsed.data;
    },
    async erase(party: Party, person: Person): Promise<Record<string, number>> {
      const parsed = erasedSchema.safeParse(await ask(party, ERASE_PATH, about(person)));
      if (!parsed.success) throw new PartyFailed('nonsense');
      return parsed.data.erased;
    },
    /** How far the forwarders of a service are with everything under these names. */
    async forwarders(party: Party, actors: string[]): Promise<ForwarderState> {
      const parsed = forwarderStateSchema.safeParse(await ask(party, FORWARDERS_PATH, { actors }));
      if (!parsed.success) throw new PartyFailed('nonsense');
      return parsed.data;
    },
    /** A8 has recorded the erasure of an actor when this resolves; it goes through its rows by itself. */
    async bury(actorId: string): Promise<void> {
      const { url, key } = deps.hub();
      if (url === undefined || !key) throw new PartyFailed('not_configured');
      await send(`${url}/operations/erasures`, { actor_id: actorId }, key, 202);
    },
  };
}

/** Only the code: the error of an HTTP client carries the request, and that the person. */
function noAnswer(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  throw new PartyFailed(typeof code === 'string' ? code.slice(0, 60) : 'no_answer');
}
