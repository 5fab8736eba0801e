import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../harness/local-system.ts';
import { LOAD } from './environment.ts';

const run = promisify(execFile);

/** Builds an image from the Dockerfile of a folder and brings it into the cluster. `base`: its argument BASE. @returns its name */
export async function buildImage(o: { image: string; folder: string; base?: string }): Promise<string> {
  const { image, folder, base } = o;
  const env = {
    ...process.env,
    ...(base === undefined ? {} : { BASE: base }),
    IMAGE: image,
    CONTEXT: folder,
  };
  await run(join(repositoryRoot, 'k8s', 'images', 'build'), [], { env, maxBuffer: 64 * 1024 * 1024 });
  const [load = '', ...args] = LOAD;
  await run(load, [...args, image]);
  return image;
}
