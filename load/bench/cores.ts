/** What is measured has one core to itself, load and sink the other, so that neither takes from the other. */
export const CORES = { measured: '0', load: '1' } as const;
