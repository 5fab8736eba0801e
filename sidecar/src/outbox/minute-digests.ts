import { EMPTY_DIGEST, joined, type SetDigest, without } from '@scholar/contract';

/** As the ledger keeps it: minute, count, sum in hex. */
export type EncodedMinute = [minute: number, count: number, sum: string];

/** Sets of event ids by minute (whole minutes since the epoch), each as its digest. */
export class MinuteDigests {
  readonly #minutes = new Map<number, SetDigest>();

  static decode(minutes: readonly EncodedMinute[]): MinuteDigests {
    const digests = new MinuteDigests();
    for (const [minute, count, sum] of minutes) digests.add(minute, { count, sum: BigInt(`0x${sum}`) });
    return digests;
  }

  encode(): EncodedMinute[] {
    return this.entries().map(([minute, { count, sum }]) => [minute, count, sum.toString(16)]);
  }

  add(minute: number, set: SetDigest): void {
    this.#minutes.set(minute, joined(this.of(minute), set));
  }

  remove(minute: number, set: SetDigest): void {
    const left = without(this.of(minute), set);
    if (left.count === 0) this.#minutes.delete(minute);
    else this.#minutes.set(minute, left);
  }

  addAll(other: MinuteDigests): void {
    for (const [minute, set] of other.#minutes) this.add(minute, set);
  }

  of(minute: number): SetDigest {
    return this.#minutes.get(minute) ?? EMPTY_DIGEST;
  }

  forgetBefore(minute: number): void {
    for (const known of this.#minutes.keys()) if (known < minute) this.#minutes.delete(known);
  }

  /** In the order of time. */
  entries(): [minute: number, set: SetDigest][] {
    return [...this.#minutes].sort(([a], [b]) => a - b);
  }
}
