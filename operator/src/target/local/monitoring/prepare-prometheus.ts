import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Launch } from '../component.ts';
import type { DesiredState } from '../desired.ts';
import { writePrivateFile } from '../json-file.ts';
import { portsFrom, type StateLayout } from '../layout.ts';
import { type ChartRules, chartRules } from './chart-rules.ts';
import { prometheusConfig } from './scrape-config.ts';

/** Bounds of what is kept: whichever comes first. */
const RETENTION = { time: '2d', size: '512MB' };

export interface PrometheusInput {
  /** Absolute path of the program. */
  program: string;
  desired: DesiredState;
  layout: StateLayout;
  /** The checkout, whose charts have the rules. */
  root: string;
}

/** Writes configuration and rules anew; what was measured before stays. @returns how it is started */
export async function preparePrometheus({
  program,
  desired,
  layout,
  root,
}: PrometheusInput): Promise<Launch> {
  const folder = layout.prometheus;
  const rules = join(folder, 'rules');
  const targets = join(folder, 'targets');
  await rm(rules, { recursive: true, force: true });
  for (const path of [rules, targets]) await mkdir(path, { recursive: true, mode: 0o700 });
  for (const rule of await chartRules(root)) await writeRules(rules, rule);
  const files = { rules: join(rules, '*.yaml'), targets: join(targets, '*.json') };
  const config = join(folder, 'prometheus.yaml');
  await writePrivateFile(config, stringify(prometheusConfig(desired, files)));
  const address = `127.0.0.1:${portsFrom(desired.port_base).prometheus}`;
  return {
    command: program,
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      // As flags, since older releases (Debian's) know no others.
      `--storage.tsdb.retention.time=${RETENTION.time}`,
      `--storage.tsdb.retention.size=${RETENTION.size}`,
      `--web.listen-address=${address}`,
      // For k6, which writes its percentiles.
      '--web.enable-remote-write-receiver',
      '--log.level=warn',
    ],
    env: {},
    cwd: folder,
    logFile: layout.log('prometheus'),
    healthUrl: `http://${address}/-/ready`,
  };
}

async function writeRules(folder: string, { chart, name, path }: ChartRules): Promise<void> {
  const text = await readFile(path, 'utf8');
  // The templates of the charts put the same frame around them.
  await writePrivateFile(join(folder, `${chart}-${name}`), `groups:\n${text}`);
}
