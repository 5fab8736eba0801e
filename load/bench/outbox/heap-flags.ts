/** The size of V8's young generation is what a process without a limit of memory lets grow: idle, it is waste. */
export const SMALL_HEAP = ['--max-semi-space-size=1'];
