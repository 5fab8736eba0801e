import type { Environment } from '@scholar/contract';
import type { ServedGroup, ServerFacts } from '../kube/server-facts.ts';
import { clockLine, serverAheadMs } from './clocks.ts';
import { type Claim, claimLine, type OutboxUse, outboxLine } from './disks.ts';
import type { Examined, Looked } from './examined.ts';
import { kinds, type WantedKinds } from './kinds.ts';
import { type Kubelet, kubelets, serverVersion } from './kubernetes-version.ts';
import { type Monitoring, monitorLine } from './monitors.ts';
import { type AnsweredRights, rightsLines } from './rights.ts';
import { STRIPE_USES, type StripeKeySeen, stripeLine } from './stripe-key.ts';

/** Everything that `scholar doctor --target cluster` has seen of a namespace and its cluster. */
export interface ClusterFacts {
  server: ServerFacts;
  kubelets: Looked<readonly Kubelet[]>;
  groups: Looked<Record<string, ServedGroup>>;
  wanted: WantedKinds;
  rights: readonly AnsweredRights[];
  /** A8's clock less ours, ms. */
  hubAheadMs: Looked<number>;
  outboxes: Looked<readonly OutboxUse[]>;
  claims: Looked<readonly Claim[]>;
  environment: Environment;
  /** By label of the app. */
  stripe: Record<(typeof STRIPE_USES)[number]['label'], Looked<StripeKeySeen>>;
  monitoring: Looked<Monitoring>;
}

/** Pure: a line for each thing that scholar needs of a cluster. */
export function examineCluster(facts: ClusterFacts): Examined[] {
  const { server, environment } = facts;
  return [
    serverVersion(server.version),
    kubelets(facts.kubelets, server.version),
    ...kinds(facts.groups, facts.wanted),
    ...rightsLines(facts.rights),
    clockLine('clock of the API server', serverAheadMs(server)),
    clockLine('clock of A8', facts.hubAheadMs),
    outboxLine(facts.outboxes),
    claimLine(facts.claims),
    ...STRIPE_USES.map((use) => stripeLine({ use, seen: facts.stripe[use.label], environment })),
    monitorLine(facts.monitoring),
  ];
}
