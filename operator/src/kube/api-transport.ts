import {
  ApiException,
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';
import type { Clock } from '@scholar/runtime/clock';
import { KeptAgent } from './kept-agent.ts';
import type { LoadedConfig } from './kube-config.ts';

export interface ApiRequest {
  /** With its query. */
  path: string;
  method: keyof typeof METHOD;
  body?: unknown;
  /** Of the body; `application/json` by default. */
  contentType?: string | undefined;
  signal?: AbortSignal | undefined;
}

const METHOD = {
  GET: HttpMethod.GET,
  POST: HttpMethod.POST,
  PUT: HttpMethod.PUT,
  PATCH: HttpMethod.PATCH,
  DELETE: HttpMethod.DELETE,
} as const;

/** An API server that has not answered by then counts as one that does not. Streams have no such bound. */
export const REQUEST_TIMEOUT_MS = 15_000;

export interface ApiTransport {
  /** @throws ApiException for a status of 300 or more; whatever the connection throws where there is no answer. */
  send: (request: ApiRequest) => Promise<ResponseContext>;
  /** The pooled connections may lead to nowhere: the next request opens new ones. */
  forget: () => void;
}

/** The client's transport and authentication (tokens, certificates, exec plugins, proxies), over kept connections. */
export function createTransport(
  { config, server }: LoadedConfig,
  clock: Pick<Clock, 'monotonic'>,
): ApiTransport {
  const agent = new KeptAgent(clock.monotonic);
  const http = new IsomorphicFetchHttpLibrary();
  return {
    async send({ path, method, body, contentType, signal }) {
      const request = new RequestContext(`${server}${path}`, METHOD[method]);
      request.setHeaderParam('Accept', 'application/json');
      if (body !== undefined) {
        request.setHeaderParam('Content-Type', contentType ?? 'application/json');
        request.setBody(JSON.stringify(body));
      }
      if (signal !== undefined) request.setSignal(signal);
      await config.applySecurityAuthentication(request);
      agent.use(request);
      const response = await http.send(request).toPromise();
      if (response.httpStatusCode < 300) return response;
      const text = await response.body.text();
      throw new ApiException(response.httpStatusCode, '', parsed(text), response.headers);
    },
    forget: () => agent.forget(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 200) };
  }
}
