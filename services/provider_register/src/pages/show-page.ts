import { type NavItem, type Response, type SafeHtml, sendPage } from '@scholar/runtime/http';
import { visitorOf } from '@scholar/runtime/sign-in';

export const SERVICE = 'Provider register';

/** Sends a page that knows who looks at it: no cache and no next user of the browser may keep it. */
export function showPage(
  response: Response,
  page: { title: string; body: SafeHtml; path: string; status?: number; description?: string },
): void {
  const { path, status = 200, ...shown } = page;
  response.set('cache-control', 'no-store');
  if (status === 503) response.set('retry-after', '2');
  const items = visitorOf(response).principal?.roles.includes('provider') ? SIGNED_IN : [SIGN_IN];
  const nav: NavItem[] = items.map((item) => ({ ...item, current: item.href === path }));
  sendPage(response, { ...shown, service: SERVICE, nav }, status);
}

const SIGN_IN = { href: '/login', text: 'Sign in' };
const SIGNED_IN = [
  { href: '/scholarships', text: 'Scholarships' },
  { href: '/payments', text: 'Payments' },
  { href: '/my-data', text: 'Your data' },
];
