import { type EventType, LEGACY_ALIASES } from '@scholar/contract';

export type EmitMode = 'forwarder' | 'direct' | 'console';
export type EventNames = 'v3.5.1' | 'legacy';

/** What `/running` says about where events go. */
export type EmitFacts = {
  endpoint: string | null;
  emit_mode: EmitMode;
  event_names: EventNames;
  sends_authorization: boolean;
};

/**
 * Where events go. `direct` with `legacy` names is the brief's broken production, kept so that it can be run and
 * repaired: the old path `/ingest`, old names, no key.
 */
export function destination(config: {
  mode: EmitMode;
  eventNames: EventNames;
  forwarderUrl: string | undefined;
  a8Url: string | undefined;
}): EmitFacts {
  const { mode, eventNames } = config;
  const legacyDirect = mode === 'direct' && eventNames === 'legacy';
  const base = mode === 'forwarder' ? config.forwarderUrl : config.a8Url;
  const path = legacyDirect ? '/ingest' : '/events';
  return {
    endpoint: mode === 'console' || !base ? null : `${base.replace(/\/+$/, '')}${path}`,
    emit_mode: mode,
    event_names: eventNames,
    sends_authorization: mode === 'direct' && !legacyDirect,
  };
}

const LEGACY_NAME = new Map<string, string>();
for (const [alias, type] of Object.entries(LEGACY_ALIASES)) {
  // The first alias of a type is the one that its app used.
  if (!LEGACY_NAME.has(type)) LEGACY_NAME.set(type, alias);
}

/** The body as an app from before v3.5.1 would have named it. */
export function withLegacyName(event: object): object {
  const type = (event as { event_type?: EventType }).event_type ?? '';
  return { ...event, event_type: LEGACY_NAME.get(type) ?? type };
}
