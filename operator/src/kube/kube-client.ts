import {
  AppsV1Api,
  type Configuration,
  CoreV1Api,
  CustomObjectsApi,
  createConfiguration,
  type KubeConfig,
  type RequestContext,
  type ResponseContext,
  ServerConfiguration,
  type V1Deployment,
  type V1Pod,
  type V1Service,
  type V1StatefulSet,
} from '@kubernetes/client-node';
import type { Env } from '@scholar/runtime/config';
import { type KubeAccess, loadKubeconfig } from './kube-config.ts';
import { type Asked, type AskedOf, KubeError, kubeError } from './kube-error.ts';
import { type LocalPort, openLocalPort } from './port-forward.ts';

export type { LocalPort };

/** What the operator reads of one namespace. Every method throws KubeError with a sentence for people. */
export interface Kube {
  context: string;
  namespace: string;
  pods: () => Promise<V1Pod[]>;
  services: () => Promise<V1Service[]>;
  statefulSets: () => Promise<V1StatefulSet[]>;
  deployments: () => Promise<V1Deployment[]>;
  /** Decoded; undefined when there is no such Secret. */
  secret: (name: string) => Promise<Record<string, string> | undefined>;
  configMap: (name: string) => Promise<Record<string, string> | undefined>;
  /** SealedSecrets as they are; undefined when the cluster has no such kind or they may not be listed. */
  sealedSecrets: () => Promise<unknown[] | undefined>;
  /** The last lines of a container's log, those of its run before where it has written nothing yet. */
  logTail: (log: { pod: string; container: string; lines: number }) => Promise<string[]>;
  forward: (port: { pod: () => Promise<string>; port: number }) => Promise<LocalPort>;
}

/** An API server that has not answered by then counts as one that does not. */
const REQUEST_TIMEOUT_MS = 15_000;

/** Reads nothing yet. @throws CouldNotLook when there is no usable kubeconfig. */
export function connectKube(env: Env, access: KubeAccess): Kube {
  const { config, context, namespace, server } = loadKubeconfig(env, access);
  const of = { context, server };
  const settings = clientConfiguration(config, server);
  const core = new CoreV1Api(settings);
  const apps = new AppsV1Api(settings);
  const custom = new CustomObjectsApi(settings);
  const list = <T>(resource: string, call: () => Promise<{ items: T[] }>): Promise<T[]> =>
    told(call(), { verb: 'list', resource, namespace }, of).then(({ items }) => items);
  return {
    context,
    namespace,
    pods: () => list('pods', () => core.listNamespacedPod({ namespace })),
    services: () => list('services', () => core.listNamespacedService({ namespace })),
    statefulSets: () => list('statefulsets', () => apps.listNamespacedStatefulSet({ namespace })),
    deployments: () => list('deployments', () => apps.listNamespacedDeployment({ namespace })),
    secret: async (name) => {
      const asked: Asked = { verb: 'get', resource: 'secrets', name, namespace };
      const found = await orUndefined(told(core.readNamespacedSecret({ name, namespace }), asked, of));
      return found === undefined ? undefined : decoded(found.data ?? {});
    },
    configMap: async (name) => {
      const asked: Asked = { verb: 'get', resource: 'configmaps', name, namespace };
      const found = await orUndefined(told(core.readNamespacedConfigMap({ name, namespace }), asked, of));
      return found === undefined ? undefined : (found.data ?? {});
    },
    sealedSecrets: () => {
      const kind = { group: 'bitnami.com', version: 'v1alpha1', plural: 'sealedsecrets' };
      const call = () => custom.listNamespacedCustomObject({ ...kind, namespace });
      return orUndefined(list<unknown>('sealedsecrets', call), [403, 404]);
    },
    logTail: async (log) => {
      const tail = (previous: boolean): Promise<string[]> =>
        told(
          readLog(core, { ...log, namespace, previous }),
          { verb: 'get', resource: 'pods/log', namespace },
          of,
        );
      const lines = await tail(false);
      return lines.length > 0 ? lines : tail(true).catch(() => []);
    },
    forward: ({ pod, port }) => openLocalPort({ config, namespace, pod, port }),
  };
}

function clientConfiguration(config: KubeConfig, server: string): Configuration {
  return createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: config },
    promiseMiddleware: [
      {
        pre: async (request: RequestContext) => {
          request.setSignal(AbortSignal.timeout(REQUEST_TIMEOUT_MS));
          return request;
        },
        post: async (response: ResponseContext) => response,
      },
    ],
  });
}

interface LogQuestion {
  namespace: string;
  pod: string;
  container: string;
  lines: number;
  previous: boolean;
}

async function readLog(core: CoreV1Api, question: LogQuestion): Promise<string[]> {
  const { namespace, pod, container, lines, previous } = question;
  const text = await core.readNamespacedPodLog({
    name: pod,
    namespace,
    container,
    tailLines: lines,
    previous,
  });
  return (text ?? '').split('\n').filter((line) => line !== '');
}

function decoded(data: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}

async function told<T>(answer: Promise<T>, asked: Asked, of: AskedOf): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw kubeError(cause, asked, of);
  }
}

async function orUndefined<T>(answer: Promise<T>, statuses = [404]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof KubeError && statuses.includes(cause.status ?? 0)) return undefined;
    throw cause;
  }
}
