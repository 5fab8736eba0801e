import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ControlPlane, startControlPlane } from '@scholar/operator/kube/testing/control-plane';
import { repositoryRoot } from '../../harness/local-system.ts';

export interface BareApiServer extends ControlPlane {
  /** kubectl as a member of system:masters; @returns what it printed, @throws with its complaint. */
  ask: (...args: string[]) => Promise<string>;
  /** Applies objects by server side in strict mode, into namespace `default`. */
  apply: (objects: object | readonly object[], ...args: string[]) => Promise<string>;
  /** @returns objects as JSON, without making them. */
  fromYaml: (text: string) => Promise<string>;
  remove: () => Promise<void>;
}

/** An API server with the definition of TruthTable installed, and nothing else. */
export async function bareApiServer(): Promise<BareApiServer> {
  const folder = await mkdtemp(join(tmpdir(), 'scholar-bare-'));
  const plane = await startControlPlane({ folder, env: process.env });
  const call = (args: string[], input?: string) => kubectl(plane, args, input);
  const remove = async (): Promise<void> => {
    await plane.stop();
    await rm(folder, { recursive: true, force: true });
  };
  await call(['apply', '--server-side', '-f', join(repositoryRoot, 'k8s', 'crds')]);
  await call(['wait', '--for=condition=Established', 'crd/truthtables.scholar.dev', '--timeout=60s']);
  return {
    ...plane,
    ask: (...args) => call(args),
    fromYaml: (text) => call(['create', '--dry-run=client', '-o', 'json', '-f', '-'], text),
    apply: (objects, ...args) =>
      call(
        ['apply', '--server-side', '--validate=strict', ...args, '-f', '-'],
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [objects].flat() }),
      ),
    remove,
  };
}

async function kubectl(plane: ControlPlane, args: string[], input?: string): Promise<string> {
  const child = spawn(plane.kubectl, ['--kubeconfig', plane.kubeconfig, ...args]);
  child.stdin.end(input);
  const [[code], printed, complaint] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${complaint}`);
  return printed;
}
