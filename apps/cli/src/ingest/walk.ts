import { filesUnder } from './files-under.js';
import { fileSystemFault } from './file-system-fault.js';
import type { Outcome } from './ingest-file.js';

/** All files at and under these paths. One that cannot be read is told of, and the others go on. */
export async function walk(
  paths: readonly string[],
  onFault: (path: string, fault: Outcome) => void,
): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    try {
      for await (const file of filesUnder(path)) files.push(file);
    } catch (error) {
      const fault = fileSystemFault(error);
      if (!fault) throw error;
      onFault(path, { outcome: 'failed', error: fault });
    }
  }
  return files;
}
