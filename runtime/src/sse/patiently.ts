/**
 * The items of a source, each waited for at most `patienceMs`; the time that the reader takes does not count.
 * @param late aborted when the time is over: it has to end the source, whose error is then thrown.
 */
export async function* patiently<T>(
  source: AsyncGenerator<T>,
  { patienceMs, late }: { patienceMs: number; late: AbortController },
): AsyncGenerator<T> {
  let readerHasIt = false;
  try {
    for (;;) {
      const timer = setTimeout(() => late.abort(), patienceMs);
      const next = await source.next().finally(() => clearTimeout(timer));
      if (next.done) return;
      readerHasIt = true;
      yield next.value;
      readerHasIt = false;
    }
  } finally {
    // The reader stops: what is under way has to end as well.
    if (readerHasIt) {
      late.abort();
      await source.return(undefined).catch(() => undefined);
    }
  }
}
