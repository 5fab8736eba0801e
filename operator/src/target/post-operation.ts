import type { Ask } from '../gather/http-client.ts';

export interface Operation {
  ask: Ask;
  hubUrl: string;
  /** A key of the ring with the role `operations`. */
  key: string;
  kind: 'verdicts' | 'repairs' | 'heartbeats';
  document: unknown;
}

/** Hands A8 what is no event of the contract: verdicts, repairs, heartbeats. @throws Error when A8 does not take it. */
export async function postOperation({ ask, hubUrl, key, kind, document }: Operation): Promise<void> {
  const reply = await ask({
    url: `${hubUrl}/operations/${kind}`,
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    json: document,
  });
  if (reply.status >= 300)
    throw new Error(`A8 answered ${reply.status} to POST /operations/${kind}: ${reply.body.slice(0, 300)}`);
}
