import type { Express } from 'express';
import { STYLESHEET, STYLESHEET_PATH } from './stylesheet.ts';

/** Serves what every page needs, from memory. */
export function useAssets(app: Express): void {
  app.get(STYLESHEET_PATH, (_request, response) => {
    response.set('cache-control', 'public, max-age=300').type('css').send(STYLESHEET);
  });
}
