/** k6 has it; its types do not say so. */
declare const console: Record<'log' | 'info' | 'warn' | 'error', (...values: unknown[]) => void>;
