import { isUuidV4, normalizeEventId } from '@scholar/contract';
import { askEvent } from '../../trace/ask-event.ts';
import { judgeEvent } from '../../trace/judge-event.ts';
import { traceText } from '../../trace/trace-text.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openTarget } from '../open-target.ts';
import { printJson } from '../output.ts';

/**
 * `scholar trace ID`: where one event is, and when it was where: the outbox of its app, its forwarder, the row. 1 when nobody
 * knows it, 4 when somebody who could know it was not to be asked.
 */
export async function trace(context: Context, id: string): Promise<ExitCode> {
  if (!isUuidV4(id)) {
    context.screen.err('An event id is a uuid of version 4, as in `scholar events`.');
    return EXIT.usage;
  }
  const target = await openTarget(context);
  try {
    const traced = judgeEvent(await askEvent(target, normalizeEventId(id)));
    if (context.json) printJson(context.screen, traced);
    else context.screen.out(traceText(traced));
    if (traced.state !== 'unknown') return EXIT.ok;
    return traced.unasked.length > 0 ? EXIT.blind : EXIT.bad;
  } finally {
    await target.close();
  }
}
