import type { ServiceHarness } from '@scholar/runtime/testing';
import type { Scholarship } from '../scholarship.ts';

export type Page = { scholarships: Scholarship[]; next_cursor: string | null };

/** The JSON of scholarship_api, as programs use it. */
export function askCatalogue(a2: Pick<ServiceHarness, 'fetch' | 'identity'>) {
  return {
    async get<T>(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: T }> {
      const response = await a2.fetch(path, { headers });
      return { status: response.status, body: (await response.json()) as T };
    },
    send(method: string, path: string, body: unknown, token?: string): Promise<Response> {
      return a2.fetch(path, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
        body: JSON.stringify(body),
      });
    },
    provider: (subject: string): Promise<string> => a2.identity.userToken({ subject, roles: ['provider'] }),
  };
}
