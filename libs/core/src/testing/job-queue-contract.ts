import type { Job, JobHandler, JobQueue, RunningJob } from '../ports/job-queue.js';
import { tenantId } from '../tenant.js';

const ACME = tenantId('acme');

/** A durable queue's surroundings, each with storage of its own. */
export interface JobQueueHarness<Tx> {
  /** A worker on the storage. `stop` on it waits half a second for handlers; a job is tried 3 times. */
  open(): Promise<JobQueue<Tx>>;
  /** Runs `work` in a transaction of that storage. */
  tx(work: (tx: Tx) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** What every {@link JobQueue} keeps to. `make` gives empty storage for each test. */
export function describeJobQueue<Tx>(name: string, make: () => Promise<JobQueueHarness<Tx>>): void {
  describe(`JobQueue: ${name}`, () => {
    let harness: JobQueueHarness<Tx>;
    let queues: JobQueue<Tx>[];

    beforeEach(async () => {
      harness = await make();
      queues = [];
    }, 60_000);
    afterEach(async () => {
      await Promise.all(queues.map((queue) => queue.stop()));
      await harness.close();
    }, 30_000);

    const open = async () => {
      const queue = await harness.open();
      queues.push(queue);
      return queue;
    };
    const enqueue = (queue: JobQueue<Tx>, id: string, tenant = ACME) =>
      harness.tx((tx) => queue.enqueue(tx, { tenant, id }));

    it('runs a committed job once', async () => {
      const queue = await open();
      const ran = recorder();
      await queue.work(ran.handler);
      await enqueue(queue, 'a');
      await ran.until(1);
      await pause(1_500);
      expect(ran.jobs.map(({ tenant, id, attempt, last }) => ({ tenant, id, attempt, last }))).toEqual([
        { tenant: ACME, id: 'a', attempt: 1, last: false },
      ]);
    });

    it('is quick to take a job that is committed while it waits', async () => {
      const queue = await open();
      const ran = recorder();
      await queue.work(ran.handler);
      await pause(700);
      await enqueue(queue, 'a');
      const committed = performance.now();
      await ran.until(1);
      expect(performance.now() - committed).toBeLessThan(1_000);
    });

    it('never runs a job whose transaction was rolled back', async () => {
      const queue = await open();
      const ran = recorder();
      await queue.work(ran.handler);
      const broken = harness.tx(async (tx) => {
        await queue.enqueue(tx, { tenant: ACME, id: 'gone' });
        throw new Error('not after all');
      });
      await expect(broken).rejects.toThrow('not after all');
      await enqueue(queue, 'kept');
      await ran.until(1);
      await pause(1_000);
      expect(ran.jobs.map(({ id }) => id)).toEqual(['kept']);
    });

    it('keeps jobs for a worker that comes later, from whoever enqueued them', async () => {
      await enqueue(await open(), 'early');
      const ran = recorder();
      await (await open()).work(ran.handler);
      await ran.until(1);
      expect(ran.jobs[0]?.id).toBe('early');
    });

    it('gives a job that failed out again, and says which attempt is the last', async () => {
      const queue = await open();
      const ran = recorder(async () => {
        throw new Error('no luck');
      });
      await queue.work(ran.handler);
      await enqueue(queue, 'a');
      await ran.until(3);
      await pause(1_500);
      expect(ran.jobs.map(({ attempt, last }) => [attempt, last])).toEqual([
        [1, false],
        [2, false],
        [3, true],
      ]);
    }, 30_000);

    it('does not let one failing job hold up the others', async () => {
      const queue = await open();
      const ran = recorder(async ({ id }) => {
        if (id === 'bad') throw new Error('no luck');
      });
      await queue.work(ran.handler);
      await enqueue(queue, 'bad');
      await enqueue(queue, 'good');
      await ran.untilSome(({ id }) => id === 'good');
    });

    it('gives each of many jobs to one of two workers', async () => {
      const [one, two] = [await open(), await open()];
      const ran = recorder(() => pause(10));
      await Promise.all([one.work(ran.handler), two.work(ran.handler)]);
      const ids = Array.from({ length: 20 }, (_, index) => `job ${index}`);
      await harness.tx(async (tx) => {
        for (const id of ids) await one.enqueue(tx, { tenant: tenantId(`t${id.length}`), id });
      });
      await ran.until(ids.length);
      await pause(700);
      expect(ran.jobs.map(({ id }) => id).sort()).toEqual([...ids].sort());
    }, 30_000);

    it('lets a running handler finish when it stops, and then takes no more', async () => {
      const queue = await open();
      const finished: string[] = [];
      const ran = recorder(async ({ id }) => {
        await pause(200);
        finished.push(id);
      });
      await queue.work(ran.handler);
      await enqueue(queue, 'a');
      await ran.until(1);
      await queue.stop();
      expect(finished).toEqual(['a']);
      await enqueue(await open(), 'b');
      await pause(700);
      expect(ran.jobs.map(({ id }) => id)).toEqual(['a']);
    });

    it('fires the signal of a handler that outlasts stop, and gives its job to another worker', async () => {
      const queue = await open();
      const left = recorder(({ signal }) => aborted(signal));
      await queue.work(left.handler);
      await enqueue(queue, 'a');
      await left.until(1);
      await queue.stop();
      expect(left.jobs[0]?.signal.aborted).toBe(true);

      const ran = recorder();
      await (await open()).work(ran.handler);
      await ran.until(1);
      expect(ran.jobs[0]).toMatchObject({ tenant: ACME, id: 'a' });
    });

    it('gives the job of a handler that ignores its signal to another worker too, and settles it once', async () => {
      const queue = await open();
      const release = Promise.resolve().then(() => pause(4_000));
      const stuck = recorder(() => release);
      await queue.work(stuck.handler);
      await enqueue(queue, 'a');
      await stuck.until(1);
      await queue.stop();

      const ran = recorder(async () => {
        await release;
        await pause(200);
        throw new Error('not done');
      });
      await (await open()).work(ran.handler);
      await ran.until(2);
      expect(ran.jobs.map(({ id }) => id)).toEqual(['a', 'a']);
    }, 30_000);

    it('stops at once where nothing runs, also where it never worked', async () => {
      const [idle, never] = [await open(), await open()];
      await idle.work(async () => undefined);
      const begun = performance.now();
      await Promise.all([idle.stop(), never.stop()]);
      expect(performance.now() - begun).toBeLessThan(2_000);
    });
  });
}

interface Recorder {
  readonly jobs: RunningJob[];
  readonly handler: JobHandler;
  until(count: number): Promise<void>;
  untilSome(wanted: (job: Job) => boolean): Promise<void>;
}

/** A handler that keeps what it was given. */
function recorder(handle: JobHandler = async () => undefined): Recorder {
  const jobs: RunningJob[] = [];
  return {
    jobs,
    handler: async (job) => {
      jobs.push(job);
      await handle(job);
    },
    until: (count) => eventually(() => jobs.length >= count),
    untilSome: (wanted) => eventually(() => jobs.some(wanted)),
  };
}

async function eventually(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('It did not happen within 20 seconds.');
    await pause(20);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}
