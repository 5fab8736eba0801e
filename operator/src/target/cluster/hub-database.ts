import { HUB_LABEL } from '@scholar/contract';
import { CouldNotLook } from '../../could-not-look.ts';
import { type DatabaseTls, HubDatabase } from '../../gather/hub-database.ts';
import { type DesiredSource, givenValue, wantedProcess } from './desired-view.ts';
import { mountedFile } from './mounted-file.ts';
import type { Reach } from './reach.ts';
import { serviceAddress } from './service-address.ts';

/** A value of a Secret. */
export interface NamedKey {
  secret: string;
  key: string;
}

const APP = { label: HUB_LABEL, role: 'app' } as const;

/**
 * A8's database by the address in `named`, else by the one that A8 itself is given: through a port-forward where it is a Service of the namespace,
 * else directly, for a server outside the cluster that this machine reaches too. Nothing is connected yet.
 * @throws CouldNotLook when there is no address in that place.
 */
export async function openHubDatabase(
  source: DesiredSource,
  reach: Reach,
  named?: NamedKey,
): Promise<HubDatabase> {
  const given = named === undefined ? ofA8(source) : ofSecret(source, named);
  const { url, tls } = withCertificate(given, (path) => readMounted(source, path));
  const address = serviceAddress(url, source.installed.namespace);
  if (address === undefined) return new HubDatabase(url, tls);
  const { port } = await reach.service(address);
  const local = new URL(url);
  local.hostname = '127.0.0.1';
  local.port = String(port);
  return new HubDatabase(local.href, tls);
}

function ofA8(source: DesiredSource): string {
  const given = givenValue(source, APP, 'DATABASE_URL');
  if (given !== undefined && URL.canParse(given)) return given;
  throw new CouldNotLook(
    'A8 is given no DATABASE_URL (chart: the Secret auto-com-center-app), so no row can be read back.',
  );
}

/** Pure: never A8's own in its place: whoever named another role meant it. @throws CouldNotLook */
export function ofSecret({ sources }: Pick<DesiredSource, 'sources'>, { secret, key }: NamedKey): string {
  const held = sources.secrets[secret];
  const given = held?.[key]?.trim();
  if (given !== undefined && URL.canParse(given)) return given;
  const what =
    held === undefined
      ? `There is no Secret ${secret}`
      : `The Secret ${secret} has no connection URL under ${key}`;
  throw new CouldNotLook(`${what}, which hub.database of the TruthTable names, so no row can be read back.`);
}

/**
 * Pure: `sslrootcert` names a file of A8's pod; here its content takes its place. The server keeps the name by which A8
 * verifies it, though this machine reaches it by another.
 */
export function withCertificate(
  given: string,
  read: (path: string) => string | undefined,
): { url: string; tls: DatabaseTls | undefined } {
  const url = new URL(given);
  const ca = read(url.searchParams.get('sslrootcert') ?? '');
  if (ca === undefined) return { url: given, tls: undefined };
  const anyName = url.searchParams.get('sslmode') === 'verify-ca';
  url.searchParams.delete('sslrootcert');
  url.searchParams.delete('sslmode');
  return { url: url.href, tls: { ca, servername: url.hostname, anyName } };
}

function readMounted(source: DesiredSource, path: string): string | undefined {
  const wanted = wantedProcess(source, APP);
  return wanted === undefined || path === '' ? undefined : mountedFile(path, wanted)?.value;
}
