import { HEADER } from '@scholar/contract';
import type { ServiceDeps } from '@scholar/runtime/service';
import type { AskForAccount } from './account-linker.ts';

/** POST /internal/users of scholar_auth, as this service. Every failure is told, none is thrown. */
export function createAccountsApi(
  deps: Pick<ServiceDeps, 'fetchJson' | 'serviceTokens'> & { a1Url: string },
): AskForAccount {
  async function ask({ email, canaryToken, timeoutMs }: Parameters<AskForAccount>[0]) {
    const token = await deps.serviceTokens.get();
    return deps.fetchJson.post(`${deps.a1Url}/internal/users`, {
      json: { email, source: '/leads' },
      headers: {
        [HEADER.authorization]: `Bearer ${token}`,
        ...(canaryToken === undefined ? {} : { [HEADER.canary]: canaryToken }),
      },
      timeout: { request: timeoutMs },
      throwHttpErrors: false,
    });
  }

  return async (request) => {
    // The bound holds for both steps: getting a token may take as long as asking.
    const late = AbortSignal.timeout(request.timeoutMs);
    try {
      const { statusCode, body } = await Promise.race([ask(request), rejectedBy(late)]);
      return { kind: 'answer', status: statusCode, body };
    } catch (error) {
      return { kind: 'silence', reason: describe(error) };
    }
  };
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** A short reason without addresses or bodies: it is kept in a column. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return `no answer: ${code}`.slice(0, 100);
}
