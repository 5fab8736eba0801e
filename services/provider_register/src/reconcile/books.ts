import type { Received } from '../webhook/receive-event.ts';
import type { StripeEvent } from '../webhook/stripe-event.ts';
import type { SessionAtStripe, SessionHere } from './differences.ts';

/** Seconds since 1970, both ends included. */
export type Window = { fromS: number; untilS: number };

/** What Stripe says. */
export type StripeBooks = {
  /** Events of the handled types that an endpoint has not taken, created in the window. */
  undelivered(window: Window): AsyncIterable<unknown>;
  /** Completed checkout sessions created since then, whole, as Stripe has them now. */
  completed(fromS: number): AsyncIterable<SessionAtStripe>;
  /** One session, whole; undefined when Stripe knows none of that id. */
  session(id: string): Promise<SessionAtStripe | undefined>;
  /** Refunds created since then, each with its whole charge. */
  refunds(fromS: number): AsyncIterable<object>;
};

/** What was written down here. */
export type OwnBooks = {
  /** Of these sessions those that were settled here. */
  known(ids: readonly string[]): Promise<Map<string, SessionHere>>;
  /** Sessions of the payments of the window, oldest first, without those of simulations. */
  recorded(window: Window): Promise<string[]>;
  /** What was given back by payment intent, in the smallest unit; payments that are not here are absent. */
  givenBack(intents: readonly string[]): Promise<Map<string, number>>;
  /** The way of a webhook. */
  receive(event: StripeEvent): Promise<Received>;
};
