import type { Principal } from '@scholar/runtime/auth';
import { HttpProblem, type Response } from '@scholar/runtime/http';
import { visitorOf } from '@scholar/runtime/sign-in';

/**
 * The principal of a program's request.
 * @throws HttpProblem 401 for nobody, 503 while a session cannot be checked.
 */
export function requirePrincipal(response: Response): Principal {
  const { signedIn, principal } = visitorOf(response);
  if (principal) return principal;
  if (signedIn === 'unavailable') {
    const detail = 'Sessions cannot be checked just now. Try again shortly.';
    throw new HttpProblem({ status: 503, code: 'unavailable', detail, headers: { 'retry-after': '2' } });
  }
  throw new HttpProblem({
    status: 401,
    code: 'unauthorized',
    detail: 'This needs a signed-in student. Send "Authorization: Bearer <token>" or sign in.',
    headers: { 'www-authenticate': 'Bearer realm="scholar"' },
  });
}
