import { type FolderKind, foldersBelow, headerOf } from './folders.ts';

/**
 * Returns the documents of a kind below `reports`, the oldest first: of all that ended, each with a verdict. What is at work has
 * a header only. A folder that cannot be read hides no other.
 */
export function endedBelow<D extends { readonly verdict: string }>(reports: string, kind: FolderKind): D[] {
  return foldersBelow(reports).flatMap((folder) => {
    if (folder.kind !== kind) return [];
    try {
      const found = headerOf(folder.dir, kind) as { readonly verdict?: string };
      return found.verdict === undefined ? [] : [found as unknown as D];
    } catch {
      return [];
    }
  });
}
