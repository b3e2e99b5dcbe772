import { readSettings, runProcess, startWorker } from '@packhouse/server';

runProcess(async () => {
  const running = await startWorker(readSettings(process.env, 'worker'));
  process.stdout.write(`The worker is ready; its health is at ${running.url}/health/ready\n`);
  return running;
});
