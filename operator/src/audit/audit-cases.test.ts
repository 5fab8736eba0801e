import { judge } from './audit.ts';
import { DRIFTS } from './drifts/drifts.ts';
import { GUARD_DRIFTS } from './drifts/guard-drifts.ts';
import { testAudit } from './testing/audit-case.ts';
import { BUILD_CASES } from './testing/cases/builds.ts';
import { CLUSTER_CASES } from './testing/cases/cluster.ts';
import { CONTENT_CASES } from './testing/cases/contents.ts';
import { KEY_CASES } from './testing/cases/keys.ts';
import { LEFT_CLAIM_CASES } from './testing/cases/left-claims.ts';
import { PROCESS_CASES } from './testing/cases/processes.ts';
import { ROW_CASES } from './testing/cases/rows.ts';
import { SECRET_CASES } from './testing/cases/secrets.ts';
import { SURROUNDING_CASES } from './testing/cases/surroundings.ts';
import { healthySnapshot } from './testing/healthy-snapshot.ts';

describe('processes, secrets, endpoints and keys', () => testAudit(PROCESS_CASES));
describe('each missing secret', () => testAudit(SECRET_CASES));
describe('the four places of a key', () => testAudit(KEY_CASES));
describe('what a process is made of and started with', () => testAudit(BUILD_CASES));
describe('what only a cluster can get wrong', () => testAudit(CLUSTER_CASES));
describe('claims that a scale-down left', () => testAudit(LEFT_CLAIM_CASES));
describe('what events hold, and whether they become rows', () => testAudit(CONTENT_CASES));
describe('acknowledged events and rows', () => testAudit(ROW_CASES));
describe('Stripe, what A8 saw, queues, evidence and the rest', () => testAudit(SURROUNDING_CASES));

test('every documented code is found in some case: a page about what no check finds would be a promise', () => {
  const all = [
    PROCESS_CASES,
    SECRET_CASES,
    KEY_CASES,
    BUILD_CASES,
    CLUSTER_CASES,
    LEFT_CLAIM_CASES,
    CONTENT_CASES,
    ROW_CASES,
    SURROUNDING_CASES,
  ].flat();
  const found = all.flatMap(({ change, of = healthySnapshot }) => {
    const snapshot = of();
    change(snapshot);
    return judge(snapshot).map(({ code }) => code);
  });
  // An audit sends nothing; verify/negative has a case for each of these.
  const probed = Object.keys(GUARD_DRIFTS);
  expect([...new Set(found), ...probed].sort()).toEqual(Object.keys(DRIFTS).sort());
});
