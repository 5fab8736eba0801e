import { type Express, serveAssets } from '@scholar/runtime/http';

/** What pages of HQ load, beside the stylesheet that all pages share. */
export const ASSETS = {
  stylesheet: '/assets/hq.css',
  localTimes: '/assets/local-times.js',
  liveTail: '/assets/live-tail.js',
  refresh: '/assets/refresh.js',
  copy: '/assets/copy.js',
} as const;

/** Serves the files of the package's assets folder. */
export function useHqAssets(app: Express): void {
  serveAssets(app, { root: new URL('../../', import.meta.url), paths: Object.values(ASSETS) });
}
