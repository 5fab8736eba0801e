import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { processEnv } from '@scholar/runtime/config';
import { type Command, runToEnd } from '../launch.ts';

/** Pinned. Each is got by its package name with the ordinary client of its kind. */
export const VERSIONS = {
  collector: 'v0.165.0',
  natsServer: 'v2.15.2',
  npm: { lmdb: '3.5.6', '@nats-io/transport-node': '3.4.0', '@nats-io/jetstream': '3.4.0' },
} as const;

const COLLECTOR = 'go.opentelemetry.io/collector';
const CONTRIB = 'github.com/open-telemetry/opentelemetry-collector-contrib';
const BUILD_MS = 900_000;

export type Peers = { otel: string; nats: string; modules: string };

/** Where peers are kept between runs: outside of the checkout. */
function cacheFolder(): string {
  const base = processEnv()['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(base, 'scholar-bench');
}

/** Builds or installs the peers that are not in the cache yet. The first time takes minutes; Go and npm must be there. */
export async function installPeers(names: ReadonlySet<string>, say: (text: string) => void): Promise<Peers> {
  const cache = cacheFolder();
  const peers = {
    otel: join(cache, `otelcol-${VERSIONS.collector}`, 'otelcol-bench'),
    nats: join(cache, `nats-server-${VERSIONS.natsServer}`, 'nats-server'),
    modules: join(cache, `npm-${Object.values(VERSIONS.npm).join('-')}`),
  };
  if (names.has('otel')) await once(peers.otel, say, () => buildCollector(join(peers.otel, '..')));
  if (names.has('nats')) await once(peers.nats, say, () => buildNats(join(peers.nats, '..')));
  if (['lmdb', 'nats'].some((name) => names.has(name)))
    await once(join(peers.modules, 'node_modules'), say, () => installModules(peers.modules));
  return peers;
}

async function once(path: string, say: (text: string) => void, make: () => Promise<void>): Promise<void> {
  if (existsSync(path)) return;
  say(`making a peer, once: ${path.split('/').at(-2)}`);
  await make();
  if (!existsSync(path)) throw new Error(`${path} was not made`);
}

async function buildCollector(folder: string): Promise<void> {
  const building = `${folder}.building`;
  mkdirSync(building, { recursive: true });
  const config = join(building, 'builder.yaml');
  const part = (path: string) => [{ gomod: `${path} ${VERSIONS.collector}` }];
  const parts = {
    dist: { name: 'otelcol-bench', output_path: building },
    receivers: part(`${COLLECTOR}/receiver/otlpreceiver`),
    exporters: part(`${COLLECTOR}/exporter/otlphttpexporter`),
    extensions: part(`${CONTRIB}/extension/storage/filestorage`),
  };
  writeFileSync(config, JSON.stringify(parts));
  await go(['run', `${COLLECTOR}/cmd/builder@${VERSIONS.collector}`, `--config=${config}`]);
  renameSync(building, folder);
}

async function buildNats(folder: string): Promise<void> {
  const module = `github.com/nats-io/nats-server/v2@${VERSIONS.natsServer}`;
  await go(['install', module], { GOBIN: folder });
}

async function installModules(folder: string): Promise<void> {
  const installing = `${folder}.installing`;
  mkdirSync(installing, { recursive: true });
  const manifest = { name: 'bench-peers', private: true, dependencies: VERSIONS.npm };
  writeFileSync(join(installing, 'package.json'), JSON.stringify(manifest));
  const args = ['install', '--prefix', installing, '--no-audit', '--no-fund', '--loglevel=error'];
  await runToEnd({ file: 'npm', args, env: wholeEnvironment() }, BUILD_MS);
  renameSync(installing, folder);
}

async function go(args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const command: Command = { file: 'go', args, env: { ...wholeEnvironment(), ...env } };
  await runToEnd(command, BUILD_MS);
}

/** Both clients are told by the environment where their caches and proxies are. */
function wholeEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(processEnv()).map(([name, value]) => [name, value ?? '']));
}
