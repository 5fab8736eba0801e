import type { RegisterRig } from './register-rig.ts';

const html = { accept: 'text/html', 'sec-fetch-site': 'same-origin' };

export const FORM = {
  name: 'Harbour Trust',
  email: 'office@harbour.example',
  password: 'four words put together',
};

/** A browser at provider_register: it opens a page, or sends a form where there are fields. */
export function browse(rig: Pick<RegisterRig, 'a6' | 'identity'>) {
  return {
    async send(path: string, fields?: Record<string, string>, headers: Record<string, string> = {}) {
      const init = fields ? { method: 'POST', body: new URLSearchParams(fields) } : {};
      const response = await rig.a6.fetch(path, { ...init, headers: { ...html, ...headers } });
      return {
        status: response.status,
        to: response.headers.get('location'),
        cookies: response.headers.getSetCookie(),
        page: await response.text(),
      };
    },
    signedInAs: async (subject: string, role = 'provider') => ({
      cookie: `scholar_session=${await rig.identity.userToken({ subject, roles: [role] })}`,
    }),
  };
}
