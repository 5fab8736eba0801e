import type { ApiCall, KubeApi, KubeObject } from '../api-call.ts';
import { KubeError } from '../kube-error.ts';

/** One watch under way, fed by a test. */
export interface FakeWatch {
  call: ApiCall;
  say: (type: string, object: object) => void;
  line: (text: string) => void;
  end: () => void;
  fail: (cause: Error) => void;
}

/** An API server that holds objects and says only what a test has it say. */
export class FakeApi implements KubeApi {
  readonly calls: ApiCall[] = [];
  readonly watches: FakeWatch[] = [];
  /** A server that begins a watch with what is there; a test says so itself. */
  streamsAll = false;
  objects: KubeObject[] = [];
  version = 1;
  /** Called before each call; throws what the call is to fail with. */
  refuse: (call: ApiCall) => void = () => undefined;

  async request<T>(call: ApiCall): Promise<T> {
    this.calls.push(call);
    this.refuse(call);
    const limit = Number(call.query?.['limit'] ?? this.objects.length);
    const from = Number(call.query?.['continue'] ?? 0);
    const rest = from + limit < this.objects.length ? { continue: String(from + limit) } : {};
    const items = this.objects.slice(from, from + limit);
    return { metadata: { resourceVersion: String(this.version), ...rest }, items } as T;
  }

  async stream(call: ApiCall): Promise<AsyncIterable<string>> {
    if (call.query?.['sendInitialEvents'] === true && !this.streamsAll) {
      throw new KubeError('sendInitialEvents: Forbidden', 422, undefined);
    }
    this.calls.push(call);
    this.refuse(call);
    const lines: string[] = [];
    let over: { cause?: Error } | undefined;
    let wake = Promise.withResolvers<void>();
    const tell = (change: () => void): void => {
      change();
      wake.resolve();
    };
    call.signal?.addEventListener('abort', () => tell(() => (over = { cause: new Error('aborted') })));
    this.watches.push({
      call,
      line: (text) => tell(() => lines.push(text)),
      say: (type, object) => tell(() => lines.push(JSON.stringify({ type, object }))),
      end: () => tell(() => (over = {})),
      fail: (cause) => tell(() => (over = { cause })),
    });
    return (async function* () {
      for (;;) {
        yield* lines.splice(0);
        if (over?.cause !== undefined) throw over.cause;
        if (over !== undefined) return;
        await wake.promise;
        wake = Promise.withResolvers<void>();
      }
    })();
  }

  verbs(): string[] {
    return this.calls.map(({ verb }) => verb);
  }
}

export function fakeObject(name: string, version: number | string, more: object = {}): KubeObject {
  return {
    metadata: { name, namespace: 'trial', uid: `uid-${name}`, resourceVersion: String(version) },
    ...more,
  };
}
