/**
 * Pure: the value in a file as a process reads it: without the newline that an editor puts at the end, and an empty file
 * is none (runtime's settings).
 */
export function fileValue(text: string | undefined): string | undefined {
  const value = text?.replace(/\r?\n$/u, '');
  return value === '' ? undefined : value;
}
