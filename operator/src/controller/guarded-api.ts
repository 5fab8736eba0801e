import type { ApiCall, KubeApi } from '../kube/api-call.ts';
import { KubeError } from '../kube/kube-error.ts';

const READS: ReadonlySet<ApiCall['verb']> = new Set(['get', 'list', 'watch']);

/** A write was refused by ourselves: somebody else may lead by now. */
export class NotLeading extends Error {}

/** Lets writes pass only while `isLeader`: the last look before a request leaves this process. */
export function leaderOnly(api: KubeApi, isLeader: () => boolean): KubeApi {
  return {
    stream: api.stream,
    async request(call) {
      if (!READS.has(call.verb) && !isLeader()) {
        throw new NotLeading(
          `${call.verb} of ${call.resource.plural} was not sent: this process does not lead.`,
        );
      }
      return api.request(call);
    },
  };
}

export type OnCall = (call: ApiCall, status: string) => void;

/** Says every call and what came of it: the status, `ok`, or `none` where there was no answer. */
export function counted(api: KubeApi, onCall: OnCall): KubeApi {
  const saying = async <T>(call: ApiCall, answer: Promise<T>): Promise<T> => {
    try {
      const value = await answer;
      onCall(call, 'ok');
      return value;
    } catch (cause) {
      onCall(call, cause instanceof KubeError ? String(cause.status ?? 'none') : 'none');
      throw cause;
    }
  };
  return {
    request: (call) => saying(call, api.request(call)),
    stream: (call) => saying(call, api.stream(call)),
  };
}
