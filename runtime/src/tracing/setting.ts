import { setting } from '../config/index.ts';

/** Spread into the settings of every process. A wrong address is a finding, never a reason not to start. */
export const OTLP_ENDPOINT = {
  OTEL_EXPORTER_OTLP_ENDPOINT: setting.url({
    description:
      'Base address of an OpenTelemetry collector (OTLP over HTTP, JSON): spans go to /v1/traces there. Without it nothing is exported.',
    protocols: ['http:', 'https:'],
    optional: true,
    tolerant: true,
    needed: false,
  }),
};
