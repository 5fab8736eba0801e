import { readFile } from 'node:fs/promises';
import type { Express } from 'express';

/**
 * Serves files of a package, such as `/assets/x.js`, each read once.
 * @param root the package's folder, below which the paths lie as they are asked for.
 */
export function serveAssets(app: Express, { root, paths }: { root: URL; paths: readonly string[] }): void {
  for (const path of paths) {
    const content = readFile(new URL(`.${path}`, root));
    app.get(path, async (_request, response) => {
      response
        .set('cache-control', 'public, max-age=300')
        .type(path.split('.').at(-1) ?? '')
        .send(await content);
    });
  }
}
