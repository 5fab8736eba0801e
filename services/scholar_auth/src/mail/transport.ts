import type { Letter } from './letters.ts';

/** Hands a mail on. */
export interface MailTransport {
  /** Resolves when the next hop has taken the mail. Throws {@link MailRefused}, whose text names nobody. */
  send(letter: Letter): Promise<void>;
}

/** The mail was not taken. `forGood` where the server says that trying again is of no use (SMTP 5xx). */
export class MailRefused extends Error {
  readonly forGood: boolean;

  constructor(reason: string, forGood: boolean) {
    super(`the mail was not taken: ${reason}`);
    this.name = 'MailRefused';
    this.forGood = forGood;
  }
}
