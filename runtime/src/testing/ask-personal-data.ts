import { ERASE_PATH, erasedSchema, FIND_PATH, foundSchema, type Person } from '../personal-data/index.ts';
import type { ServiceHarness } from './service-harness.ts';

/** Asks a service for what it keeps of a person, or to erase it, as scholar_auth does. Throws unless it answers 200. */
export function askPersonalData(harness: Pick<ServiceHarness, 'fetch' | 'identity'>) {
  async function ask(path: string, { userId, email }: Person): Promise<unknown> {
    const token = await harness.identity.serviceToken('scholar_auth');
    const response = await harness.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ user_id: userId, email }),
    });
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
    return response.json();
  }
  return {
    find: async (person: Person) => foundSchema.parse(await ask(FIND_PATH, person)),
    erase: async (person: Person) => erasedSchema.parse(await ask(ERASE_PATH, person)).erased,
  };
}
