import type { Ask, Question } from '../../gather/http-client.ts';
import type { LocalPort } from '../../kube/port-forward.ts';
import type { Reach } from './reach.ts';
import { serviceAddress } from './service-address.ts';

/**
 * Asks addresses as the cluster itself knows them: `http://scholar-auth:8080/health` goes through a port-forward, with
 * the Host that a caller inside the cluster would send. Addresses outside the namespace are asked directly.
 */
export function clusterAsk({ ask, reach, namespace }: { ask: Ask; reach: Reach; namespace: string }): Ask {
  return async (question) => {
    const address = serviceAddress(question.url, namespace);
    if (address === undefined) return ask(question);
    const local = await reach.service(address);
    try {
      return await ask(through(local, question));
    } catch (cause) {
      throw explained(cause, local);
    }
  };
}

function through({ port }: LocalPort, question: Question): Question {
  const url = new URL(question.url);
  const host = url.host;
  url.host = `127.0.0.1:${port}`;
  return { ...question, url: url.href, headers: { host, ...question.headers } };
}

/** A forward whose pod refuses looks like a reset to its client; the kubelet knows better. */
function explained(cause: unknown, { trouble }: LocalPort): unknown {
  const reason = trouble();
  if (reason === undefined) return cause;
  const refused = /connection refused/iu.test(reason);
  return Object.assign(new Error(reason, { cause }), refused ? { code: 'ECONNREFUSED' } : {});
}
