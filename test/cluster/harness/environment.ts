import { join } from 'node:path';
import { repositoryRoot } from '../../harness/local-system.ts';

/**
 * What `make cluster-test` tells the suites (test/run/cluster.ts). To run one suite by hand: `make charts-deps`, then
 * IMAGE=… LOAD='kind load docker-image' jest test/cluster/trial/truth-table
 */
const { env } = process;

/** Part of every namespace's name; whoever started the suites deletes what carries it. */
export const RUN = env['CLUSTER_RUN'] ?? 'by-hand';

/** The image under test; the cluster has it already. */
export const IMAGE = env['IMAGE'] ?? 'scholar:0.1.0';

/** Set where the cluster has another image than the chart's for PostgreSQL. */
export const POSTGRES_IMAGE = env['POSTGRES_IMAGE'];

/** Where the pages about the brief's broken production go (`make cluster-evidence`); without it nobody keeps them. */
export const EVIDENCE_DOCS = env['EVIDENCE_DOCS'];

/** Command that brings an image into the nodes. */
export const LOAD = (env['LOAD'] ?? 'kind load docker-image').split(' ');

/** Prefix of a command that is to run on the node; empty where its processes are ours too. */
export const NODE_SHELL = (env['NODE_SHELL'] ?? '').split(' ').filter((word) => word !== '');
export const CONTAINERD_SOCKET = env['CONTAINERD_SOCKET'] ?? '/run/containerd/containerd.sock';

export const CHART = join(repositoryRoot, 'charts', 'scholar');
export const TOOLS = join(repositoryRoot, '.tools', 'bin');

/** Settings of the repository's own command: nothing of the environment but the way to the cluster. */
export const KUBE_ENV: Record<string, string> =
  env['KUBECONFIG'] === undefined ? {} : { KUBECONFIG: env['KUBECONFIG'] };
