import { type AppLabel, isAppLabel } from '../apps.ts';
import { verifyCanary } from '../canary/canary-token.ts';
import { resolveAlias } from '../events/aliases.ts';
import type { ContractEvent } from '../events/catalogue.ts';
import { parseEvent } from '../events/parse-event.ts';
import { isSimulated } from '../events/simulated.ts';
import { bearerToken, HEADER, headerText } from '../headers.ts';
import { isUuidV4, normalizeEventId } from '../ids.ts';
import { findPii } from '../pii/find-pii.ts';
import { problemDocument } from '../problems/problem-document.ts';
import type {
  Admission,
  AdmissionPolicy,
  Admitted,
  IngestRequest,
  KeyDecision,
  Refused,
} from './admission.ts';
import type { Fault } from './judge-request.ts';
import * as judge from './judge-request.ts';
import { countMembers, type JsonObject, keyNames, readBody } from './read-body.ts';

/** What a request says about itself, kept only where it has the right shape. */
type Claims = { label: AppLabel | undefined; eventId: string | undefined; key: KeyDecision | undefined };

/**
 * The fixed order of checks: route, size, key, media type, protocol, label, id, JSON, contract, PII (architecture,
 * section 3), and on the hub, last, whether a simulated event may be here. The forwarder and A8 both call this, so
 * they refuse the same event with the same code. Pure; the body is parsed and validated once.
 */
export function admit(request: IngestRequest, policy: AdmissionPolicy): Admission {
  const { headers, body } = request;
  const claims = readClaims(request, policy);
  const fault =
    judge.judgeRoute(request) ??
    judge.judgeSize(body) ??
    judge.judgeKey(claims.key) ??
    judge.judgeMediaType(headers) ??
    judge.judgeProtocol(headers) ??
    judge.judgeLabel(headers, policy.ownLabel, claims.key) ??
    judge.judgeEventId(headers);
  if (fault !== undefined) return refuse(claims, fault);
  const read = readBody(body as Buffer);
  if (!read.ok) return refuse(claims, read.fault);
  const judged = judgeEvent(read.value, body as Buffer, policy);
  if (!judged.ok) return refuse(claims, judged.fault, read.value);
  return judgeSimulation(request, policy, admitted(claims, judged));
}

/** Looked at before the checks, because every refusal tells what it knows; no check is judged here. */
function readClaims({ headers }: IngestRequest, policy: AdmissionPolicy): Claims {
  const label = headerText(headers, HEADER.label);
  const eventId = headerText(headers, HEADER.eventId);
  return {
    label: isAppLabel(label) ? label : undefined,
    eventId: isUuidV4(eventId) ? normalizeEventId(eventId) : undefined,
    key: policy.side === 'hub' ? decideKey(bearerToken(headers), policy.authorize) : undefined,
  };
}

function decideKey(token: string | undefined, authorize: AdmissionPolicy['authorize']): KeyDecision {
  return token === undefined || authorize === undefined
    ? { ok: false, code: 'unauthorized' }
    : authorize(token);
}

type JudgedEvent =
  | { ok: true; event: ContractEvent; alias: string | undefined }
  | { ok: false; fault: Fault };

/** Make sure that the body is an event of the contract under its own or an accepted legacy name, without PII. */
function judgeEvent(value: JsonObject, body: Buffer, policy: AdmissionPolicy): JudgedEvent {
  const legacy = Object.hasOwn(value, 'event_type') ? resolveAlias(value['event_type']) : undefined;
  if (legacy !== undefined) {
    if (policy.legacyAliases === 'refuse') {
      const fault: Fault = {
        code: 'legacy_event_type',
        pointer: '/event_type',
        expected: legacy.type,
        got: 'a legacy name',
      };
      return { ok: false, fault };
    }
    value['event_type'] = legacy.type;
  }
  const parsed = parseEvent(value);
  if (!parsed.ok) return { ok: false, fault: parsed.violation };
  // Every key is known by now, so a body with more members than keys has one of them twice.
  if (countMembers(body) !== Object.keys(value).length + Object.keys(parsed.event.payload).length) {
    const fault: Fault = {
      code: 'invalid_body',
      pointer: '',
      expected: 'every key once',
      got: 'a key that appears twice',
    };
    return { ok: false, fault };
  }
  const pii = findPii(parsed.event);
  return pii === undefined
    ? { ok: true, event: parsed.event, alias: legacy?.alias }
    : { ok: false, fault: pii };
}

function admitted(claims: Claims, judged: { event: ContractEvent; alias: string | undefined }): Admitted {
  const { label, eventId, key } = claims;
  if (label === undefined || eventId === undefined) {
    throw new Error('admit: label and id were judged, so the claims have them; the checks are out of order');
  }
  const admission: Admitted = {
    ok: true,
    eventId,
    label,
    event: judged.event,
    simulated: isSimulated(judged.event),
  };
  if (judged.alias !== undefined) admission.alias = judged.alias;
  if (key?.ok === true) admission.keyId = key.keyId;
  return admission;
}

/** Make sure that production stores no simulated event that no canary token vouches for. */
function judgeSimulation(request: IngestRequest, policy: AdmissionPolicy, admission: Admitted): Admission {
  const token = headerText(request.headers, HEADER.canary);
  const canary = token === undefined ? undefined : verifyCanary(token, policy.canaryKey, policy.now());
  if (canary !== undefined) admission.canaryId = canary.canaryId;
  const refused =
    admission.simulated &&
    canary === undefined &&
    policy.side === 'hub' &&
    policy.environment === 'production';
  if (!refused) return admission;
  const fault: Fault = {
    code: 'simulated_refused',
    expected: `${HEADER.canary}: a valid token`,
    got: token === undefined ? 'nothing' : 'a token that is not valid now',
  };
  const { label, eventId, keyId } = admission;
  const key: KeyDecision | undefined = keyId === undefined ? undefined : { ok: true, keyId, labels: [label] };
  return refuse({ label, eventId, key }, fault, admission.event);
}

function refuse(claims: Claims, fault: Fault, value?: JsonObject): Refused {
  const { label, eventId, key } = claims;
  const refused: Refused = {
    ok: false,
    problem: problemDocument(fault.code, { ...fault, eventId }),
    keyed: key?.ok === true,
    keyNames: value === undefined ? [] : keyNames(value),
  };
  if (key?.ok === true) refused.keyId = key.keyId;
  if (label !== undefined) refused.label = label;
  if (eventId !== undefined) refused.eventId = eventId;
  return refused;
}
