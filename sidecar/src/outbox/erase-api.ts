/** Who is to be erased, and what is left of an event then. The outbox knows neither actors nor JSON. */
export interface Eraser {
  /** May these bytes speak of the actor? No false "no"; cheap: it is asked of whole files. */
  mayConcern(bytes: Buffer): boolean;
  /** Is this the event of the actor? Never of an event that was erased before. */
  concerns(body: Buffer): boolean;
  /** An event without its content. */
  erased(body: Buffer): Buffer;
}

/** What an erasure has found, or would find. */
export interface Erasure {
  /** Records by what became of their event: owed, delivered and retained, anything else. */
  queued: number;
  delivered: number;
  other: number;
  dead_letters: number;
  /** Of these, so many lost all of their content, because nothing that is an event fitted into their place. */
  emptied: number;
  /** Of those, so many were owed, and count as discarded now. */
  discarded: number;
  segments: number;
  /** Files of damaged bytes in which the actor is named. They are left to a person. */
  quarantine_files: number;
}

export const nothingErased = (): Erasure => ({
  ...{ queued: 0, delivered: 0, other: 0, dead_letters: 0, emptied: 0 },
  ...{ discarded: 0, segments: 0, quarantine_files: 0 },
});
