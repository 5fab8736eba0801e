export interface StripeSnapshot {
  real: boolean;
  /** undefined = Stripe could not be asked; `error` says why. */
  endpoints: WebhookEndpointView[] | undefined;
  error: string | undefined;
  /** Where a sandbox reaches A6 by another way than A6_PUBLIC_URL, which is for browsers. */
  a6Url?: string | undefined;
}

/** A webhook endpoint as Stripe lists it. */
export interface WebhookEndpointView {
  id: string;
  url: string;
  status: string;
  events: string[];
  livemode: boolean;
  /** null = the version of the account, which Stripe does not tell here. */
  apiVersion: string | null;
  /** The one that the SDK is built for. */
  wantedApiVersion: string;
}
