/** What the lifecycle needs of a process. */
export type ProcessLike = {
  on(event: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
  stdin: { on(event: 'end' | 'close' | 'error', listener: () => void): unknown; resume(): unknown };
};

// Shells report a process that a signal ended as 128 + the number of the signal.
const EXIT_CODE = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * The first SIGTERM or SIGINT stops, the second exits at once. SIGPIPE is absent: Node ignores it and reports EPIPE
 * on the write. SIGHUP is absent: a closed terminal should end a foreground process, which is the default.
 */
export function wireSignals(options: {
  host: ProcessLike;
  supervised: boolean;
  stop: (reason: string) => void;
}): void {
  const { host, supervised, stop } = options;
  let signalled = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    host.on(signal, () => {
      if (signalled) {
        host.exit(EXIT_CODE[signal]);
        return;
      }
      signalled = true;
      stop(signal);
    });
  }
  if (!supervised) return;
  let closed = false;
  const onClosed = () => {
    if (!closed) stop('stdin closed: the supervisor is gone');
    closed = true;
  };
  for (const event of ['end', 'close', 'error'] as const) host.stdin.on(event, onClosed);
  // A paused stdin never reports its end.
  host.stdin.resume();
}
