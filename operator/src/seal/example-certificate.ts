/**
 * Public key of k8s/sealed-secrets/example.crt. Its private key was never kept, so what it sealed nobody can open; the
 * charts refuse such ciphertext in production by this text.
 */
export const EXAMPLE_CERTIFICATE = 'sha256:44b2a46a5f1c8fd17eb9477693e61dd722e0f5b6749e3b930a4c33f168e97010';
