import { buildAndSwitch } from '../generations/build-and-switch.js';
import type { Parts } from '../parts/parts.js';
import { ingestFile } from './ingest-file.js';

/** Takes files, and tenants to be brought over to another embedding model, from the queues until the parts are closed. */
export async function work(parts: Parts): Promise<void> {
  await parts.queue.work(ingestFile(parts));
  await parts.builds.work(buildAndSwitch(parts));
}
