import { openapiDocument } from '@scholar/contract';
import { type Express, sendPage } from '@scholar/runtime/http';
import { apiPage } from './api-page.ts';

export const API_PAGE = '/api';
export const API_DOCUMENT = '/openapi.json';

/** How to talk with A8, for programs and for people. It holds no data, so nobody needs a key to read it. */
export function useApi(app: Express): void {
  const document = openapiDocument();
  const page = apiPage(document);

  app.get(API_PAGE, (_request, response) => {
    sendPage(response, page);
  });

  app.get(API_DOCUMENT, (_request, response) => {
    response.set('cache-control', 'public, max-age=300').json(document);
  });
}
