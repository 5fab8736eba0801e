import { randomUUID } from 'node:crypto';
import { waitFor } from '@scholar/runtime/testing';
import { isGood, type Rig, reply, type Subject } from '../rig.ts';

export const PASSWORD = 'correct horse battery';

/** The copy of the catalogue is renewed while something is broken, not a minute later. */
export const REFRESH = { CATALOGUE_REFRESH: '100ms' };

/** What is typed on the page for another password, and where a change leads. */
export const CHANGE = {
  path: '/password/change',
  form: { old_password: PASSWORD, password: 'another horse battery' },
  leadsTo: '/login?changed=1',
};

type Sent = { headers?: Record<string, string>; json?: object; form?: Record<string, string> };

/** Of a browser whose owner agreed that visits are counted. */
export const CONSENT = { cookie: 'scholar_consent=views' };

/** Sends JSON as a program does, a form as a browser does, and nothing as either. */
export function send(rig: Rig, path: string, { headers = {}, json, form }: Sent = {}): Promise<Response> {
  const signal = AbortSignal.timeout(60_000);
  if (json) {
    const type = { 'content-type': 'application/json' };
    return rig.harness.fetch(path, {
      method: 'POST',
      headers: { ...type, ...headers },
      body: JSON.stringify(json),
      signal,
    });
  }
  const page = { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...headers };
  if (form)
    return rig.harness.fetch(path, {
      method: 'POST',
      headers: page,
      body: new URLSearchParams(form),
      signal,
    });
  return rig.harness.fetch(path, { headers: page, signal });
}

export async function bearer(
  rig: Rig,
  roles: readonly string[] = ['student'],
): Promise<Record<string, string>> {
  return { authorization: `Bearer ${await rig.world.identity.userToken({ roles })}` };
}

/** An address that nobody had before. */
export const someone = () => `${randomUUID()}@example.org`;

/** Waits for a good day of each request: from then on keys, tokens and copies are known. */
export async function warm(rig: Rig, { asks }: Subject): Promise<void> {
  for (const [name, ask] of Object.entries(asks)) {
    await waitFor(async () => isGood(ask, await reply(rig, ask)), { what: `a good "${name}"` });
  }
}

/** Waits until the answer to a request has these words. */
export async function until(rig: Rig, { asks }: Subject, name: string, words: string): Promise<void> {
  await waitFor(async () => (await (await asks[name]?.send(rig))?.text())?.includes(words), {
    what: `"${words}" in the answer to "${name}"`,
  });
}
