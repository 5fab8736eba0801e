import type { Express } from 'express';
import { serveAssets } from './serve-assets.ts';
import { STYLESHEET, STYLESHEET_PATH } from './stylesheet.ts';

/** The island of fields for passwords: shows one, and says how strong a new one is. */
export const PASSWORD_ISLAND = '/assets/password.js';

/** Serves what every page needs, from memory. */
export function useAssets(app: Express): void {
  app.get(STYLESHEET_PATH, (_request, response) => {
    response.set('cache-control', 'public, max-age=300').type('css').send(STYLESHEET);
  });
  serveAssets(app, { root: new URL('../../../', import.meta.url), paths: [PASSWORD_ISLAND] });
}
