import { type AppLabel, HUB_LABEL, type TruthTable } from '@scholar/contract';
import type { LocalPort } from '@scholar/operator/kube-client';
import pg from 'pg';
import { type Finding, type Ran, runScholar } from '../../harness/local-system.ts';
import type { UnderTest } from '../../harness/under-test.ts';
import { KUBE_ENV } from './environment.ts';
import { kubeOf, objectName, readyPod } from './pods.ts';

/** The part of a forwarder's `GET /status` that tests use. */
export interface ForwarderStatus {
  state: string;
  hold: { reason: string } | null;
  queue: { depth: number; oldest_age_s: number };
  totals: { appended: number; delivered: number; retries: number; dead: number };
}

const PORT = { http: 8080, intake: 4200, ops: 9464, forwarderOps: 9465, postgresql: 5432 };

/**
 * A scholar that is installed in a namespace, as seen from outside of the cluster: everything goes through port-forwards
 * of ours, each to whichever pod is ready when a connection begins. It changes nothing.
 *
 *     const system = ClusterSystem.in(await ensureNamespace('trial'));
 *     await installRelease({ namespace: system.namespace });
 *     await system.verified();
 *     await underTraffic(system, () => killContainer({ namespace: system.namespace, pod, container: 'app' }));
 *     await system.close();
 */
export class ClusterSystem implements UnderTest {
  readonly namespace: string;
  readonly #opened = new Map<string, Promise<LocalPort>>();

  private constructor(namespace: string) {
    this.namespace = namespace;
  }

  static in(namespace: string): ClusterSystem {
    return new ClusterSystem(namespace);
  }

  /** Runs a verb of the command on this namespace; never throws for an exit code. */
  scholar(verb: string, ...args: string[]): Promise<Ran> {
    return runScholar([verb, '--target', 'cluster', '--namespace', this.namespace, ...args], {
      env: KUBE_ENV,
    });
  }

  /** One truth table. @throws Error with what the command said when it could not look. */
  async verify(samples = 20): Promise<TruthTable & { code: number }> {
    const ran = await this.scholar('verify', '-o', 'json', '--samples', String(samples));
    if (ran.stdout === '') throw new Error(`verify said nothing: ${ran.stderr}`);
    return { ...JSON.parse(ran.stdout), code: ran.code };
  }

  /** Resolves with a truth table that is green. @throws Error with the reasons of the last one when none is. */
  async verified(timeoutMs = 300_000): Promise<TruthTable & { code: number }> {
    let told = '';
    for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; ) {
      try {
        const truth = await this.verify();
        if (truth.ok) return truth;
        told = truth.table
          .filter(({ verdict }) => verdict !== 'green')
          .map(({ app, verdict, reasons }) => `${app} ${verdict}: ${reasons.join(' ')}`)
          .join('\n');
      } catch (cause) {
        told = String(cause);
      }
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
    throw new Error(`no green truth table in ${timeoutMs} ms; the last one said\n${told}`);
  }

  async audit(): Promise<Finding[]> {
    return JSON.parse((await this.scholar('audit', '-o', 'json')).stdout).findings;
  }

  /** Public address of a service, as this machine reaches it; the same for as long as this object is open. */
  url(label: AppLabel | typeof HUB_LABEL): Promise<string> {
    return this.#address(objectName(label), PORT.http);
  }

  /** `GET /status` of the forwarder in an app's pod. */
  forwarder(label: AppLabel): Promise<ForwarderStatus> {
    return this.#ask(label, PORT.forwarderOps, 'status');
  }

  /** What the forwarder in an app's pod says of an event: queued, delivered, …; undefined where it never took it. */
  async stateOf(label: AppLabel, eventId: string): Promise<string | undefined> {
    const told = await this.#ask<{ state?: string }>(label, PORT.intake, `events/${eventId}`);
    return told.state;
  }

  /** Version that a service, or the forwarder beside it, tells of itself. */
  async version(label: AppLabel | typeof HUB_LABEL, who: 'app' | 'forwarder' = 'app'): Promise<string> {
    const port = who === 'app' ? PORT.ops : PORT.forwarderOps;
    return (await this.#ask<{ version: string }>(label, port, 'running')).version;
  }

  canaryKey(): Promise<string> {
    return this.secretValue('scholar-operator', 'CANARY_KEY');
  }

  webhookSecret(): Promise<string> {
    return this.secretValue('provider-register-stripe', 'STRIPE_WEBHOOK_SECRET');
  }

  /** @throws Error when there is no such Secret, or it has no such key. */
  async secretValue(secret: string, key: string): Promise<string> {
    const value = (await kubeOf(this.namespace).secret(secret))?.[key];
    if (value === undefined) throw new Error(`the Secret ${this.namespace}/${secret} has no ${key}`);
    return value;
  }

  /** Asks A8's database, by A8's own role. */
  query<T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.queryAs(HUB_LABEL, sql, values);
  }

  /** Asks the database of a service, by the service's own role. */
  async queryAs<T extends pg.QueryResultRow>(
    label: AppLabel | typeof HUB_LABEL,
    sql: string,
    values: unknown[] = [],
  ): Promise<T[]> {
    const url = new URL(await this.secretValue(`${objectName(label)}-app`, 'DATABASE_URL'));
    const { hostname: host } = url;
    const local = new URL(await this.#address(host, PORT.postgresql));
    url.host = local.host;
    const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 10_000 });
    // A server that dies under a test ends the connection; the query says so.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<T>(sql, values)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async #ask<T>(label: AppLabel | typeof HUB_LABEL, port: number, route: string): Promise<T> {
    const url = await this.#address(objectName(label), port);
    const headers = { connection: 'close' };
    const response = await fetch(`${url}/${route}`, { headers, signal: AbortSignal.timeout(10_000) });
    return (await response.json()) as T;
  }

  /** Closes its port-forwards. The installation stays. */
  async close(): Promise<void> {
    const ports = await Promise.allSettled(this.#opened.values());
    this.#opened.clear();
    for (const port of ports) if (port.status === 'fulfilled') await port.value.close();
  }

  async #address(object: string, port: number): Promise<string> {
    const key = `${object}:${port}`;
    const kube = kubeOf(this.namespace);
    const opened =
      this.#opened.get(key) ?? kube.forward({ port, pod: () => readyPod(this.namespace, object) });
    this.#opened.set(key, opened);
    return `http://127.0.0.1:${(await opened).port}`;
  }
}
