import { z } from 'zod';
import type { ApiTransport } from './api-transport.ts';
import { REQUEST_TIMEOUT_MS } from './api-transport.ts';
import { type AskedOf, kubeError } from './kube-error.ts';

/** What an API server tells everybody who may sign in, by a path instead of an object. */
export interface ServerFacts {
  /** As the server calls itself, for instance `v1.32.4+k3s1`. */
  version: string;
  /** By its own clock, to the second; undefined when it or a proxy before it sends no Date. */
  date: Date | undefined;
  /** Our clock in the middle of that question, ms. */
  askedAt: number;
}

const versionSchema = z.object({ gitVersion: z.string() });
const groupsSchema = z.object({
  groups: z.array(z.object({ name: z.string(), versions: z.array(z.object({ version: z.string() })) })),
});
const resourcesSchema = z.object({ resources: z.array(z.object({ kind: z.string() })) });

/** Which kinds a group serves, by version, as the server orders them. */
export type ServedGroup = readonly { version: string; kinds: readonly string[] }[];

export interface ServerAsker {
  /** @throws KubeError when the server does not answer. */
  facts: () => Promise<ServerFacts>;
  /** By name of the group; one that the server does not know is empty. @throws KubeError */
  groups: (names: readonly string[]) => Promise<Record<string, ServedGroup>>;
}

export function createServerAsker(transport: ApiTransport, of: AskedOf, now: () => number): ServerAsker {
  async function get<T>(path: string, schema: z.ZodType<T>) {
    const began = now();
    try {
      const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
      const response = await transport.send({ path, method: 'GET', signal });
      const askedAt = (began + now()) / 2;
      return {
        body: schema.parse(JSON.parse(await response.body.text())),
        date: response.headers['date'],
        askedAt,
      };
    } catch (cause) {
      throw kubeError(cause, { verb: 'get', resource: path, namespace: undefined }, of);
    }
  }
  return {
    async facts() {
      const { body, date, askedAt } = await get('/version', versionSchema);
      const read = date === undefined ? Number.NaN : Date.parse(date);
      return {
        version: body.gitVersion,
        date: Number.isNaN(read) ? undefined : new Date(read),
        askedAt,
      };
    },
    async groups(names) {
      const known = (await get('/apis', groupsSchema)).body.groups;
      const entries = names.map(async (name) => {
        const versions = known.find((group) => group.name === name)?.versions ?? [];
        const served = versions.map(async ({ version }) => {
          const { body } = await get(`/apis/${name}/${version}`, resourcesSchema);
          return { version, kinds: [...new Set(body.resources.map(({ kind }) => kind))] };
        });
        return [name, await Promise.all(served)] as const;
      });
      return Object.fromEntries(await Promise.all(entries));
    },
  };
}
