import { randomBytes } from 'node:crypto';
import { APP_LABELS, type AppLabel, HUB_LABEL } from '@scholar/contract';
import { waitFor } from '@scholar/runtime/testing';
import pg from 'pg';
import { apply, kubectl } from '../../harness/kubectl.ts';
import { POSTGRES_IMAGE } from '../harness/environment.ts';
import { makeServerIdentity } from './certificate-authority.ts';

export type Role = AppLabel | typeof HUB_LABEL | 'postgres';

/** A PostgreSQL as a company has one: elsewhere, reached by an address, TLS only, a role and a schema for each service. */
export interface ExternalPostgres {
  /** PEM of the authority that signed its certificate. */
  ca: string;
  /** DATABASE_URL of a role, with the certificate verified against the name and the mounted authority. */
  url: (role: Role) => string;
  /** Runs one statement over TLS. @throws as pg does. */
  query: <T extends pg.QueryResultRow>(role: Role, sql: string, values?: unknown[]) => Promise<T[]>;
  /** The complaint of the server about a connection without TLS. */
  withoutTls: () => Promise<string>;
  /** Gives a role another password; what `url` says from then on. */
  changePassword: (role: Role) => Promise<void>;
}

const NAME = 'external-postgresql';
/** Who has a role and a schema of its own. */
export const ROLES: readonly Role[] = [...APP_LABELS, HUB_LABEL];
/** User and group of the official Debian image, and of what stands in for it. */
const USER = 999;

/** Nobody gets in without TLS, whatever the password; the socket inside of the pod is the image's own way in. */
const HBA = 'local all all trust\nhostssl all all all scram-sha-256\nhostnossl all all all reject\n';

/** Starts it in a namespace of its own and resolves when it answers. @param folder an empty one, for certificates. */
export async function startExternalPostgres(namespace: string, folder: string): Promise<ExternalPostgres> {
  const host = await nodeAddress();
  const identity = await makeServerIdentity(host, folder);
  const passwords = new Map<Role, string>(
    [...ROLES, 'postgres' as const].map((role) => [role, newPassword()]),
  );
  const secret = (name: string, stringData: Record<string, string>) => ({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData },
  });
  await apply(namespace, [
    secret('server', { 'tls.crt': identity.certificate, 'tls.key': identity.key, 'pg_hba.conf': HBA }),
    secret('roles', { 'roles.sql': rolesSql(passwords), superuser: passwords.get('postgres') ?? '' }),
    deployment(),
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: NAME } },
      spec: { type: 'NodePort', selector: { app: NAME }, ports: [{ port: 5432, targetPort: 5432 }] },
    },
  ]);
  await kubectl('rollout', 'status', '-n', namespace, `deployment/${NAME}`, '--timeout=300s');
  const port = await kubectl(
    'get',
    'service',
    NAME,
    '-n',
    namespace,
    '-o=jsonpath={.spec.ports[0].nodePort}',
  );
  const place = { host, port: Number(port), database: 'scholar' };
  const query = async <T extends pg.QueryResultRow>(role: Role, sql: string, values: unknown[] = []) => {
    const client = new pg.Client({
      ...{ ...place, user: role, password: passwords.get(role), ssl: { ca: identity.ca } },
      connectionTimeoutMillis: 10_000,
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<T>(sql, values)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  await waitFor(async () => (await query('postgres', 'SELECT 1')).length === 1, {
    ...{ timeoutMs: 120_000, intervalMs: 500, what: 'the way to PostgreSQL by the address of the node' },
  });
  return {
    ca: identity.ca,
    url: (role) =>
      `postgresql://${role}:${passwords.get(role)}@${host}:${port}/scholar?sslmode=verify-full&sslrootcert=/etc/scholar/database-ca/ca.crt`,
    query,
    async withoutTls() {
      const user = HUB_LABEL;
      const client = new pg.Client({ ...place, user, password: passwords.get(user), ssl: false });
      client.on('error', () => undefined);
      return client.connect().then(
        async () => {
          await client.end();
          return 'it was let in';
        },
        (cause: Error) => cause.message,
      );
    },
    async changePassword(role) {
      const password = newPassword();
      await query('postgres', `ALTER ROLE ${role} PASSWORD '${password}'`);
      passwords.set(role, password);
    },
  };
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** An address that pods and this machine reach alike, as with a server outside of the cluster. */
async function nodeAddress(): Promise<string> {
  const addresses = "jsonpath={.items[0].status.addresses[?(@.type=='InternalIP')].address}";
  return (await kubectl('get', 'nodes', `-o=${addresses}`)).split(' ')[0] ?? '';
}

function rolesSql(passwords: ReadonlyMap<Role, string>): string {
  return ROLES.map(
    (role) =>
      `CREATE ROLE ${role} LOGIN PASSWORD '${passwords.get(role)}';\nCREATE SCHEMA ${role} AUTHORIZATION ${role};\n`,
  ).join('');
}

function deployment(): object {
  const files = '/etc/external';
  const settings = [
    ...['ssl=on', `ssl_cert_file=${files}/tls.crt`, `ssl_key_file=${files}/tls.key`],
    ...[`hba_file=${files}/pg_hba.conf`, 'max_connections=200'],
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: { app: NAME } },
      template: {
        metadata: { labels: { app: NAME } },
        spec: {
          automountServiceAccountToken: false,
          securityContext: {
            ...{ runAsNonRoot: true, runAsUser: USER, runAsGroup: USER, fsGroup: USER },
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'postgresql',
              image: POSTGRES_IMAGE ?? 'postgres:18',
              imagePullPolicy: 'IfNotPresent',
              args: ['postgres', ...settings.flatMap((setting) => ['-c', setting])],
              env: [
                { name: 'PGDATA', value: '/var/lib/postgresql/pgdata' },
                { name: 'POSTGRES_DB', value: 'scholar' },
                { name: 'POSTGRES_PASSWORD_FILE', value: '/etc/roles/superuser' },
              ],
              readinessProbe: {
                exec: { command: ['pg_isready', '-q', '-h', '127.0.0.1', '-d', 'scholar'] },
                ...{ periodSeconds: 2, timeoutSeconds: 5 },
              },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              volumeMounts: [
                { name: 'data', mountPath: '/var/lib/postgresql' },
                { name: 'server', mountPath: files, readOnly: true },
                { name: 'roles', mountPath: '/etc/roles', readOnly: true },
                {
                  ...{
                    name: 'roles',
                    mountPath: '/docker-entrypoint-initdb.d/roles.sql',
                    subPath: 'roles.sql',
                  },
                  readOnly: true,
                },
              ],
            },
          ],
          volumes: [
            { name: 'data', emptyDir: {} },
            { name: 'server', secret: { secretName: 'server', defaultMode: 0o440 } },
            { name: 'roles', secret: { secretName: 'roles', defaultMode: 0o440 } },
          ],
        },
      },
    },
  };
}
