/** Raised when a system cannot be looked at: exit code 4, never 0. The message says what is in the way. */
export class CouldNotLook extends Error {}
