/** Globals of k6 that its types leave out, as far as our scripts use them. */
declare const console: Record<'log' | 'info' | 'warn' | 'error', (...values: unknown[]) => void>;

declare const crypto: {
  subtle: {
    importKey(
      format: 'raw',
      key: Uint8Array<ArrayBuffer>,
      algorithm: { name: string; hash: string },
      extractable: boolean,
      uses: readonly string[],
    ): Promise<object>;
    sign(algorithm: string, key: object, message: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  };
};
