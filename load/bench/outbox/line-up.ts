import type { CellName } from './cells.ts';
import type { Contestant, ContestantName } from './contestants/contestant.ts';
import { forwarder } from './contestants/forwarder.ts';
import { front } from './contestants/front.ts';
import { nats } from './contestants/nats.ts';
import { otel } from './contestants/otel.ts';
import type { Peers } from './peers/install.ts';

/**
 * Who stands behind a name; the collector gets its best queue for each cell.
 * @param nodeFlags for every process of ours, to see what a flag of Node costs and brings
 */
export function lineUp(
  peers: Peers,
  nodeFlags: readonly string[] = [],
): (name: ContestantName, cell?: CellName) => Contestant {
  return (name, cell) => {
    if (name === 'forwarder') return forwarder(nodeFlags);
    if (name === 'otel') return otel(peers.otel, cell === 'through');
    if (name === 'nats') return nats(peers.nats, peers.modules);
    return front(name, peers.modules, nodeFlags);
  };
}
