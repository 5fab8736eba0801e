import { KubeConfig } from '@kubernetes/client-node';
import type { Env } from '@scholar/runtime/config';
import { CouldNotLook } from '../could-not-look.ts';
import { homeConfig, kubeconfigFound } from './kubeconfig-found.ts';

export interface KubeAccess {
  /** A kubeconfig by its path, instead of where kubectl would look. */
  file?: string | undefined;
  /** A context of the kubeconfig; undefined = its current one. */
  context?: string | undefined;
  /** undefined = the namespace of the context, else `default`. */
  namespace?: string | undefined;
}

export interface LoadedConfig {
  config: KubeConfig;
  context: string;
  namespace: string;
  server: string;
}

/**
 * Loads the kubeconfig as kubectl does.
 * @throws CouldNotLook when there is none, it cannot be read, or it has no such context.
 */
export function loadKubeconfig(env: Env, access: KubeAccess): LoadedConfig {
  if (access.file === undefined && !kubeconfigFound(env)) {
    throw new CouldNotLook(
      `There is no kubeconfig: neither $KUBECONFIG nor ${homeConfig(env)}. Make one that \`kubectl get pods\` works with.`,
    );
  }
  const config = new KubeConfig();
  try {
    if (access.file === undefined) config.loadFromDefault();
    else config.loadFromFile(access.file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CouldNotLook(`The kubeconfig cannot be read: ${reason}`, { cause });
  }
  if (access.context !== undefined) useContext(config, access.context);
  const context = config.getCurrentContext();
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new CouldNotLook(
      `The kubeconfig has no current context with a cluster; name one with --context: ${namesOf(config)}.`,
    );
  }
  const namespace = access.namespace ?? config.getContextObject(context)?.namespace ?? 'default';
  return { config, context, namespace, server: cluster.server };
}

function useContext(config: KubeConfig, context: string): void {
  if (config.getContextObject(context) === null)
    throw new CouldNotLook(`The kubeconfig has no context ${context}; it has ${namesOf(config)}.`);
  config.setCurrentContext(context);
}

function namesOf(config: KubeConfig): string {
  return (
    config
      .getContexts()
      .map(({ name }) => name)
      .join(', ') || 'none'
  );
}
