import { HEADER } from '@scholar/contract';
import { within } from '@scholar/runtime/away';
import { ANSWER_WITHIN_MS, type ServiceDeps } from '@scholar/runtime/service';
import type { AskA2 } from './start-checkout.ts';

/**
 * The most that a payment page is waited for, ms: scholarship_api waits for Stripe, which may take longer than our own
 * services; but less than the request itself may take, so that the provider reads that nothing was charged.
 */
const ASK_WITHIN_MS = ANSWER_WITHIN_MS - 1_000;

/**
 * Asks scholarship_api with our service token; the bound is that of both.
 * @param withinMs for tests.
 */
export function createAskA2(
  deps: Pick<ServiceDeps, 'fetchJson' | 'serviceTokens'> & { a2Url: string },
  withinMs: number = ASK_WITHIN_MS,
): AskA2 {
  return (body, canaryToken) =>
    within(withinMs, async (signal) => {
      const answer = await deps.fetchJson.post(`${deps.a2Url}/checkout/sessions`, {
        json: body,
        headers: {
          [HEADER.authorization]: `Bearer ${await deps.serviceTokens.get()}`,
          ...(canaryToken === undefined ? {} : { [HEADER.canary]: canaryToken }),
        },
        timeout: { request: withinMs },
        throwHttpErrors: false,
        signal,
      });
      return { status: answer.statusCode, body: answer.body };
    });
}
