export { type Env, processEnv } from './env.ts';
export { type GivenSetting, type GivenSettings, givenSettings } from './given-settings.ts';
export {
  defineSettings,
  type LoadedSettings,
  loadSettings,
  type SettingReport,
  type SettingsShape,
  type SettingsValues,
} from './load-settings.ts';
export { maskUrl } from './mask-url.ts';
export {
  EXIT_USAGE,
  formatProblems,
  logSettings,
  parseSettingsOrExit,
  summarize,
} from './parse-settings-or-exit.ts';
export { type SecretSource, secretFile, secretSource, staticSecret } from './secret-source.ts';
export { type Setting, type SettingKind, setting } from './setting.ts';
