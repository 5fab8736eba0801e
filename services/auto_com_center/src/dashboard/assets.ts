import { readFile } from 'node:fs/promises';
import type { Express } from '@scholar/runtime/http';

/** What pages of HQ load, beside the stylesheet that all pages share. */
export const ASSETS = {
  stylesheet: '/assets/hq.css',
  localTimes: '/assets/local-times.js',
  liveTail: '/assets/live-tail.js',
  refresh: '/assets/refresh.js',
  copy: '/assets/copy.js',
} as const;

/** Serves the files of the package's assets folder, each read once. */
export function useHqAssets(app: Express): void {
  for (const path of Object.values(ASSETS)) {
    const content = readFile(new URL(`../..${path}`, import.meta.url));
    app.get(path, async (_request, response) => {
      response
        .set('cache-control', 'public, max-age=300')
        .type(path.split('.').at(-1) ?? '')
        .send(await content);
    });
  }
}
