/** What a process was started with. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The environment of this process. The only place in the repository that reads it. */
export function processEnv(): Env {
  return process.env;
}
