import { APP_LABELS } from '@scholar/contract';
import { desiredState } from '../desired.ts';
import { stateLayout } from '../layout.ts';
import { prometheusConfig, scrapeTargets } from './scrape-config.ts';

const desired = desiredState(
  { environment: 'staging', portBase: 5000, realStripe: false },
  stateLayout('/nonexistent/state'),
);

test('A8, the seven apps and their seven forwarders are targets, each at its own ops port', () => {
  const targets = scrapeTargets(desired);
  expect(targets).toHaveLength(1 + 2 * APP_LABELS.length);
  expect(new Set(targets.flatMap((each) => each.targets)).size).toBe(targets.length);
  for (const { label, ops } of [
    { label: 'auto-com-center', ops: 5068 },
    { label: 'scholar-auth', ops: 5061 },
  ]) {
    const app = targets.find(({ labels }) => labels['pod'] === label && labels['container'] === 'app');
    expect(app?.targets).toEqual([`127.0.0.1:${ops}`]);
  }
});

test('they carry the labels that a PodMonitor gives, with `local` for the namespace', () => {
  expect(scrapeTargets(desired)).toContainEqual({
    targets: ['127.0.0.1:5042'],
    labels: {
      namespace: 'local',
      job: 'local/scholarship-api',
      pod: 'scholarship-api',
      container: 'forwarder',
      endpoint: 'forwarder-ops',
    },
  });
});

test('Prometheus watches itself, and whoever asks by a file', () => {
  expect(prometheusConfig(desired, { rules: '/rules/*.yaml', targets: '/targets/*.json' })).toMatchObject({
    rule_files: ['/rules/*.yaml'],
    scrape_configs: [
      { job_name: 'scholar' },
      { job_name: 'prometheus', static_configs: [{ targets: ['127.0.0.1:5051'] }] },
      { job_name: 'load', file_sd_configs: [{ files: ['/targets/*.json'] }] },
    ],
  });
});
