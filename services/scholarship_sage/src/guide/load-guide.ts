import { readdir, readFile } from 'node:fs/promises';
import type { Passage } from '../passages/passage.ts';
import { parseChapter } from './parse-chapter.ts';

/** The guide that comes with this release: the same place seen from src/guide and from dist/guide. */
export const GUIDE_FOLDER = new URL('../../guide/', import.meta.url);

/** Every section of every chapter. Throws when the folder or a chapter cannot be read. */
export async function loadGuide(folder: URL = GUIDE_FOLDER): Promise<Passage[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.md')).sort();
  const chapters = await Promise.all(
    files.map(async (file) => parseChapter(file, await readFile(new URL(file, folder), 'utf8'))),
  );
  return chapters.flat();
}
