import type { ServiceHarness } from '@scholar/runtime/testing';
import type { Scholarship } from '../scholarship.ts';

export type Page = { scholarships: Scholarship[]; next_cursor: string | null };

/** The JSON of scholarship_api, as programs use it. */
export function askCatalogue(a2: Pick<ServiceHarness, 'fetch' | 'identity'>) {
  function send(method: string, path: string, body: unknown, token?: string): Promise<Response> {
    return a2.fetch(path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify(body),
    });
  }
  return {
    send,
    async get<T>(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: T }> {
      const response = await a2.fetch(path, { headers });
      return { status: response.status, body: (await response.json()) as T };
    },
    /** As provider_register does for a provider who has paid enough. */
    async publish(id: string, owner: string): Promise<Response> {
      const token = await a2.identity.serviceToken('provider_register');
      const paid = { owner_provider_id: owner, listings: 1_000 };
      return send('POST', `/scholarships/${id}/publish`, paid, token);
    },
    provider: (subject: string): Promise<string> => a2.identity.userToken({ subject, roles: ['provider'] }),
  };
}
