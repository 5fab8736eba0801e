import type { z } from 'zod';
import { newLead } from './new-lead.ts';
import { newUser } from './new-user.ts';
import { pageView } from './page-view.ts';
import { paymentSuccess } from './payment-success.ts';
import { providerOnboarded } from './provider-onboarded.ts';
import { sageAssist } from './sage-assist.ts';
import { scholarshipMatchRequested } from './scholarship-match-requested.ts';
import { scholarshipMatchResult } from './scholarship-match-result.ts';

/** The schema of each event type. What is not here is not an event. */
export const EVENT_SCHEMAS = {
  NewUser: newUser,
  NewLead: newLead,
  PaymentSuccess: paymentSuccess,
  PageView: pageView,
  ScholarshipMatchRequested: scholarshipMatchRequested,
  ScholarshipMatchResult: scholarshipMatchResult,
  SageAssist: sageAssist,
  ProviderOnboarded: providerOnboarded,
} as const;

export type EventType = keyof typeof EVENT_SCHEMAS;

/** The eight event types of contract v3.5.1. */
export const EVENT_TYPES = Object.keys(EVENT_SCHEMAS) as readonly EventType[];

type EventOf<T extends EventType> = z.infer<(typeof EVENT_SCHEMAS)[T]>;

/** One event as it is stored: a union that `event_type` tells apart. */
export type ContractEvent = { [T in EventType]: EventOf<T> }[EventType];

/** The payload of one event type. */
export type Payload<T extends EventType> = EventOf<T>['payload'];

export function isEventType(value: unknown): value is EventType {
  return typeof value === 'string' && Object.hasOwn(EVENT_SCHEMAS, value);
}
