import type { Emission, Emitter } from '../emit/index.ts';

export type RecordingEmitter = Emitter & {
  /** What was handed over, in order. */
  readonly sent: readonly Emission[];
  /** From now on emit throws what `failure` returns; undefined means success. */
  answer(failure: (emission: Emission) => Error | undefined): void;
};

/** An emitter that keeps what it gets: the forwarder's place in tests of a service. */
export function createRecordingEmitter(): RecordingEmitter {
  const sent: Emission[] = [];
  let judge: (emission: Emission) => Error | undefined = () => undefined;
  return {
    sent,
    answer(failure) {
      judge = failure;
    },
    async emit(emission) {
      const failure = judge(emission);
      if (failure) throw failure;
      sent.push(emission);
    },
  };
}
