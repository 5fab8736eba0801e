import { hostname } from 'node:os';
import { systemClock } from '@scholar/runtime/clock';
import { type Env, logSettings, parseSettingsOrExit, processEnv } from '@scholar/runtime/config';
import { createLifecycle } from '@scholar/runtime/lifecycle';
import { createLogger } from '@scholar/runtime/log';
import { type Ops, startOps } from '@scholar/runtime/ops';
import { createRunning } from '@scholar/runtime/running';
import { connectApi } from '../kube/kube-api.ts';
import { loadKubeconfig } from '../kube/kube-config.ts';
import type { Reconcile } from './controller.ts';
import { createOperator, type MakeBeside, type Tools } from './operator.ts';
import { OPERATOR_SETTINGS } from './settings.ts';

const LABEL = 'scholar_operator';

/**
 * The whole life of an operator's process: settings, listener, watch, Lease, signals, stop.
 * Exit codes: 0 after a clean stop, 1 when the listener cannot be bound or there is no kubeconfig, 2 for unusable settings.
 */
export async function runOperator(
  reconcile: (tools: Tools) => Reconcile,
  env: Env = processEnv(),
  beside?: MakeBeside,
): Promise<void> {
  const loaded = parseSettingsOrExit(OPERATOR_SETTINGS, { env });
  const { values } = loaded;
  const log = createLogger({ label: LABEL, role: 'operator', level: values.LOG_LEVEL });
  logSettings(loaded, log);
  const lifecycle = createLifecycle({ log, stopTimeoutMs: values.SHUTDOWN_TIMEOUT_MS });
  const kubeconfig = env['KUBECONFIG'];
  const access = kubeconfig === undefined || kubeconfig === '' ? {} : { file: kubeconfig };
  let ops: Ops | undefined;
  let stop: (() => Promise<void>) | undefined;
  lifecycle.add('the ops listener', {
    start: async () => {
      const operator = createOperator({
        settings: values,
        identity: values.POD_NAME ?? hostname(),
        api: connectApi(loadKubeconfig(env, access), systemClock),
        reconcile,
        beside,
        clock: systemClock,
        random: Math.random,
        log,
      });
      stop = operator.stop;
      const running = createRunning({
        label: LABEL,
        role: 'operator',
        environment: values.ENVIRONMENT,
        settings: loaded,
      });
      const { health, metrics } = operator;
      ops = await startOps({ host: values.OPS_HOST, port: values.OPS_PORT, health, metrics, running, log });
      log.info({ port: ops.port }, 'the ops listener is ready');
      operator.start();
    },
    stop: async () => {
      await stop?.();
      await ops?.close();
    },
  });
  await lifecycle.run();
}
