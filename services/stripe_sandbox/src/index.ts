export { createSandbox, type SandboxOptions } from './sandbox.ts';
export { SANDBOX_SETTINGS } from './settings.ts';
