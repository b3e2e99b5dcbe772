import { workerData } from 'node:worker_threads';

/**
 * A thread beside the one that reads, which goes on whatever that is caught in. It ends the process when its parent has
 * died, and when it takes too much memory: the engine bounds the heap, not the buffers beside it.
 */
const { parent, maxMemoryMb } = workerData as { parent: number; maxMemoryMb: number };
const before = process.memoryUsage.rss();

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  // The signal of the engine's own end for want of memory.
  if (process.memoryUsage.rss() - before > 2 * maxMemoryMb * 2 ** 20) process.kill(process.pid, 'SIGABRT');
}, 50);
