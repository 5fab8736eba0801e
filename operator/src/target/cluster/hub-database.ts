import { HubDatabase } from '../../gather/hub-database.ts';
import type { Reach } from './reach.ts';
import { serviceAddress } from './service-address.ts';

/**
 * A8's database by the address that A8 itself uses: through a port-forward where it is a Service of the namespace, else
 * directly, for a server outside the cluster that this machine reaches too. Nothing is connected yet.
 */
export async function openHubDatabase(
  url: string,
  { reach, namespace }: { reach: Reach; namespace: string },
) {
  const address = serviceAddress(url, namespace);
  if (address === undefined) return new HubDatabase(url);
  const { port } = await reach.service(address);
  const local = new URL(url);
  local.hostname = '127.0.0.1';
  local.port = String(port);
  return new HubDatabase(local.href);
}
