import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD_MS, cacheFolder, go, once, wholeEnvironment } from '../../built.ts';
import { runToEnd } from '../../launch.ts';

/** Pinned. Each is got by its package name with the ordinary client of its kind. */
export const VERSIONS = {
  collector: 'v0.165.0',
  natsServer: 'v2.15.2',
  npm: { lmdb: '3.5.6', '@nats-io/transport-node': '3.4.0', '@nats-io/jetstream': '3.4.0' },
} as const;

const COLLECTOR = 'go.opentelemetry.io/collector';
const CONTRIB = 'github.com/open-telemetry/opentelemetry-collector-contrib';

export type Peers = { otel: string; nats: string; modules: string };

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
