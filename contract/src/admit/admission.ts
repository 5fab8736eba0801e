import type { AppLabel, Environment } from '../apps.ts';
import type { ContractEvent } from '../events/catalogue.ts';
import type { HeaderBag } from '../headers.ts';
import type { ProblemDocument } from '../problems/problem-document.ts';

/** The largest body of one event, in bytes. */
export const MAX_BODY_BYTES = 65_536;

/** A request as it came; `path` may carry a query. `too_large` is a body that the listener stopped reading. */
export type IngestRequest = {
  method: string;
  path: string;
  headers: HeaderBag;
  body: Buffer | 'too_large';
};

export type KeyDecision =
  | { ok: true; keyId: string; labels: readonly string[] }
  | { ok: false; code: 'unauthorized' | 'forbidden' | 'rate_limited' };

export type AdmissionPolicy = {
  side: 'forwarder' | 'hub';
  /** The hub's look into its key ring. A hub without one refuses everything. */
  authorize?: ((token: string | undefined) => KeyDecision) | undefined;
  /** The one label that a forwarder takes. */
  ownLabel?: AppLabel | undefined;
  legacyAliases: 'accept' | 'refuse';
  environment: Environment;
  canaryKey?: string | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
};

export type Admitted = {
  ok: true;
  eventId: string;
  label: AppLabel;
  /** The event under its v3.5.1 name. */
  event: ContractEvent;
  simulated: boolean;
  canaryId?: string;
  /** The legacy name that it came under. */
  alias?: string;
  keyId?: string;
};

export type Refused = {
  ok: false;
  problem: ProblemDocument;
  /** A valid key came with it: only then may a refusal leave a row. */
  keyed: boolean;
  keyId?: string;
  /** Label and id as claimed, when they have the right shape. */
  label?: AppLabel;
  eventId?: string;
  /** Names of the keys of the body and its payload, values never; empty when it was not read. */
  keyNames: readonly string[];
};

export type Admission = Admitted | Refused;
