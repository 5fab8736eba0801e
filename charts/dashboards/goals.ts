/** Seconds: 95 % of the writes have to be within it. An edge of the buckets, so that the share below it is exact. */
export const WRITE_GOAL_S = 0.15;

/** The share of writes that has to be within it. */
export const WRITE_GOAL_SHARE = 0.95;

/** Seconds: how old an undelivered event may be. The alert ForwarderBacklogOld has the same bound. */
export const BACKLOG_GOAL_S = 300;

/** Share of its quota that an outbox may fill. The alert ForwarderOutboxFilling has the same bound. */
export const OUTBOX_GOAL_SHARE = 0.8;
