import type { Condition } from './conditions.ts';

/** What an Event says, apart from whom it regards and when. */
export interface Notice {
  type: 'Normal' | 'Warning';
  reason: string;
  action: string;
  note: string;
}

const ACTION: Readonly<Record<string, string>> = {
  Ready: 'Verify',
  Progressing: 'Reconcile',
  Degraded: 'Audit',
};

/**
 * Pure: an Event for each condition whose status or reason changed, none for what stayed, however its message reads
 * now. Of a first look only Ready and trouble are news: that nothing is under way, and nothing wrong, goes without saying.
 */
export function transitions(before: readonly Condition[], after: readonly Condition[]): Notice[] {
  return after.flatMap((now): Notice[] => {
    const old = before.find(({ type }) => type === now.type);
    if (old?.status === now.status && old.reason === now.reason) return [];
    if (now.reason === 'Pending') return [];
    const isFirst = old === undefined || old.reason === 'Pending';
    if (isFirst && now.type !== 'Ready' && !isTrouble(now)) return [];
    return [
      {
        type: isTrouble(now) ? 'Warning' : 'Normal',
        reason: `${now.type}${now.reason}`,
        action: ACTION[now.type] ?? 'Reconcile',
        note: now.message === '' ? `${now.type} is ${now.status}` : now.message,
      },
    ];
  });
}

function isTrouble({ type, status }: Condition): boolean {
  if (type === 'Degraded') return status === 'True';
  return type === 'Ready' && status !== 'True';
}
