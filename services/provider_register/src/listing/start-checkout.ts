import { HttpProblem } from '@scholar/runtime/http';
import { z } from 'zod';

const sessionSchema = z.object({ id: z.string(), url: z.url({ protocol: /^https?$/ }) });

export type CheckoutSession = z.output<typeof sessionSchema>;

/** POST {A2}/checkout/sessions with our service token; resolves with status and parsed body, rejects when there is no answer. */
export type AskA2 = (
  body: object,
  canaryToken: string | undefined,
) => Promise<{ status: number; body: unknown }>;

export type Listing = {
  providerId: string;
  /** Of the order: see order.ts. */
  reference: string;
  amountCents: number;
  currency: string;
  /** Where this service is reached by the provider's browser, without a trailing slash. */
  baseUrl: string;
  canaryToken: string | undefined;
};

/**
 * The payment page of an order. A double click asks for the same order, so it gets the same page; an order whose page has
 * expired or whose payment has failed gets a new one.
 * @throws HttpProblem 503 `payments_unavailable` when scholarship_api gives none; nothing else of this service is touched.
 */
export async function startCheckout(askA2: AskA2, listing: Listing): Promise<CheckoutSession> {
  const page = `${listing.baseUrl}/providers/${listing.providerId}`;
  const answer = await askA2(
    {
      purpose: 'listing',
      amount_cents: listing.amountCents,
      currency: listing.currency,
      reference: listing.reference,
      provider_id: listing.providerId,
      success_url: `${page}?checkout=success`,
      cancel_url: `${page}?checkout=cancel`,
      ...(listing.canaryToken === undefined ? {} : { canary: listing.canaryToken }),
    },
    listing.canaryToken,
  ).catch((error: unknown) => {
    throw cannotOpen(error);
  });
  const session = answer.status === 201 ? sessionSchema.safeParse(answer.body) : undefined;
  if (session?.success) return session.data;
  throw problemOf(answer);
}

function problemOf(answer: { status: number; body: unknown }): HttpProblem {
  const code = z.object({ code: z.string() }).safeParse(answer.body).data?.code;
  if (code === 'order_completed') {
    return new HttpProblem({
      status: 409,
      code,
      title: 'Already paid',
      detail:
        'Your payment has arrived at Stripe and is being confirmed. Go back and reload your page in a moment.',
    });
  }
  if (code === 'order_pending') {
    return new HttpProblem({
      status: 409,
      code,
      title: 'Being paid',
      detail:
        'Your bank has been asked for the money already, which can take some days. Please do not pay again.',
    });
  }
  if (code === 'stripe_not_configured' || code === 'stripe_key_refused') {
    return unavailable('Payments are not set up yet. Nothing was charged; please come back later.', answer);
  }
  return cannotOpen(answer);
}

/** 503 `payments_unavailable`: something is away, which passes. */
export function cannotOpen(cause?: unknown): HttpProblem {
  return unavailable(
    'The payment page cannot be opened just now. Nothing was charged; try again in a minute.',
    cause,
  );
}

function unavailable(detail: string, cause: unknown): HttpProblem {
  const title = 'Payment is not available just now';
  return new HttpProblem({
    status: 503,
    code: 'payments_unavailable',
    title,
    detail,
    headers: { 'retry-after': '30' },
    cause,
  });
}
