import { CouldNotLook } from '../../could-not-look.ts';
import type { LocalPort } from '../../kube/port-forward.ts';
import { clusterEmission, type EmissionSource } from './cluster-emission.ts';
import type { ServiceAddress } from './service-address.ts';

const FORWARDER = {
  name: 'forwarder',
  env: [{ name: 'A8_KEY_FILE', value: '/etc/scholar/a8/A8_KEY' }],
  volumeMounts: [{ name: 'a8', mountPath: '/etc/scholar/a8' }],
};

function source(
  key: string | undefined,
  hubUrl = 'http://auto-com-center:8080',
): { source: EmissionSource; asked: ServiceAddress[] } {
  const asked: ServiceAddress[] = [];
  const spec = {
    initContainers: [FORWARDER],
    containers: [{ name: 'app' }],
    volumes: [{ name: 'a8', secret: { secretName: 'scholar-auth-a8', optional: true } }],
  };
  const workload = {
    kind: 'StatefulSet' as const,
    name: 'scholar-auth',
    replicas: 1,
    selector: {},
    template: { spec },
    trouble: undefined,
  };
  const secret = key === undefined ? undefined : { A8_KEY: key };
  return {
    asked,
    source: {
      start: {
        installed: { namespace: 'trial', workloads: [workload], pods: [], services: [] },
        sources: { configMaps: {}, secrets: { 'scholar-auth-a8': secret } },
      },
      reach: {
        service: async (address) => {
          asked.push(address);
          return { port: 31_234 } as LocalPort;
        },
      },
      hubUrl,
      namespace: 'trial',
    },
  };
}

test("an app's events are sent with the key that its forwarder is given, through a port-forward to A8", async () => {
  const { source: from, asked } = source('its key\n');
  expect(await clusterEmission(from, 'scholar_auth')).toEqual({
    hubUrl: 'http://127.0.0.1:31234',
    key: 'its key',
  });
  expect(asked).toEqual([{ service: 'auto-com-center', port: 8080 }]);
});

test('an A8 outside the namespace is spoken to directly', async () => {
  const { source: from, asked } = source('its key', 'http://192.0.2.7:8080');
  expect(await clusterEmission(from, 'scholar_auth')).toMatchObject({ hubUrl: 'http://192.0.2.7:8080' });
  expect(asked).toEqual([]);
});

test.each([undefined, '', '\n'])(
  'without a key (%j) nobody can send, and the message names the app',
  async (key) => {
    const emission = clusterEmission(source(key).source, 'scholar_auth');
    await expect(emission).rejects.toThrow(CouldNotLook);
    await expect(emission).rejects.toThrow('The A8_KEY of scholar_auth cannot be had');
  },
);
