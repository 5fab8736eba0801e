export { type Component, createLifecycle, type Lifecycle, type LifecycleOptions } from './lifecycle.ts';
