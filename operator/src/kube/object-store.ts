import { type KubeObject, keyOf } from './api-call.ts';

/** Called with what is kept of an object: `now` undefined = deleted, `before` undefined = new. */
export type OnChange<T> = (key: string, now: T | undefined, before: T | undefined) => void;

interface Held<T> {
  version: string;
  uid: string;
  value: T;
}

/** What is kept of each object, by key. Says a change exactly when the version or the identity of an object changed. */
export class ObjectStore<T> {
  readonly #held = new Map<string, Held<T>>();
  readonly #keep: (object: KubeObject) => T;
  readonly #onChange: OnChange<T>;

  constructor(keep: (object: KubeObject) => T, onChange: OnChange<T>) {
    this.#keep = keep;
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#held.size;
  }

  get(key: string): T | undefined {
    return this.#held.get(key)?.value;
  }

  keys(): IterableIterator<string> {
    return this.#held.keys();
  }

  set(object: KubeObject): string {
    const key = keyOf(object.metadata);
    const { resourceVersion: version = '', uid = '' } = object.metadata;
    const old = this.#held.get(key);
    if (old?.version === version && old.uid === uid) return key;
    const value = this.#keep(object);
    this.#held.set(key, { version, uid, value });
    this.#onChange(key, value, old?.value);
    return key;
  }

  delete(key: string): void {
    const old = this.#held.get(key);
    if (old === undefined) return;
    this.#held.delete(key);
    this.#onChange(key, undefined, old.value);
  }

  /** After a whole list: what it did not hold is gone, though nobody said so. */
  keepOnly(listed: ReadonlySet<string>): void {
    for (const key of [...this.#held.keys()]) if (!listed.has(key)) this.delete(key);
  }
}
