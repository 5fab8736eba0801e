/** The protocol version that every event names in `x-scholar-protocol`. */
export const PROTOCOL = 'v3.5.1';

/** The seven values of `x-app-label` (contract v3.5.1); the hub itself sends no events. */
export const APP_LABELS = [
  'scholar_auth',
  'scholarship_api',
  'scholarship_agent',
  'scholarship_sage',
  'student_pilot',
  'provider_register',
  'auto_page_maker',
] as const;

export type AppLabel = (typeof APP_LABELS)[number];

/** A8's name in logs, `/running` and configuration. It is not an `x-app-label`. */
export const HUB_LABEL = 'auto_com_center';

export type AppNumber = 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'A6' | 'A7';
export type App = { readonly number: AppNumber; readonly title: string; readonly kubernetesName: string };

/** What people call each app, and the name of its Kubernetes objects (no underscores there). */
export const APPS: Readonly<Record<AppLabel, App>> = {
  scholar_auth: { number: 'A1', title: 'Scholar Auth', kubernetesName: 'scholar-auth' },
  scholarship_api: { number: 'A2', title: 'Scholarship API', kubernetesName: 'scholarship-api' },
  scholarship_agent: { number: 'A3', title: 'Scholarship Agent', kubernetesName: 'scholarship-agent' },
  scholarship_sage: { number: 'A4', title: 'Scholarship Sage', kubernetesName: 'scholarship-sage' },
  student_pilot: { number: 'A5', title: 'Student Pilot', kubernetesName: 'student-pilot' },
  provider_register: { number: 'A6', title: 'Provider Register', kubernetesName: 'provider-register' },
  auto_page_maker: { number: 'A7', title: 'Auto Page Maker', kubernetesName: 'auto-page-maker' },
};

const labels: ReadonlySet<string> = new Set(APP_LABELS);

/** True for exactly the seven labels, in their exact letter case. */
export function isAppLabel(value: unknown): value is AppLabel {
  return typeof value === 'string' && labels.has(value);
}

/** Where a process runs. Simulations run in staging only. */
export const ENVIRONMENTS = ['staging', 'production'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];
