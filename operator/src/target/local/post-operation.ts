import type { Heartbeat } from '@scholar/contract';
import { ask } from '../../gather/http-client.ts';
import type { StateLayout } from './layout.ts';
import { desiredSecret } from './secrets.ts';

export interface Operation {
  hubUrl: string;
  /** A key of the ring with the role `operations`. */
  key: string;
  kind: 'verdicts' | 'repairs' | 'heartbeats';
  document: unknown;
}

/** Hands A8 what is no event of the contract: verdicts, repairs, heartbeats. @throws Error when A8 does not take it. */
export async function postOperation({ hubUrl, key, kind, document }: Operation): Promise<void> {
  const reply = await ask({
    url: `${hubUrl}/operations/${kind}`,
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    json: document,
  });
  if (reply.status >= 300)
    throw new Error(`A8 answered ${reply.status} to POST /operations/${kind}: ${reply.body.slice(0, 300)}`);
}

export async function postHeartbeat(layout: StateLayout, hubUrl: string, document: Heartbeat): Promise<void> {
  const key = await desiredSecret(layout, 'supervisor', 'A8_OPERATIONS_KEY');
  await postOperation({ hubUrl, key, kind: 'heartbeats', document });
}
