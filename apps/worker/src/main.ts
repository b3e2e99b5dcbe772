import '@packhouse/server/lean-start';

const { readSettings, runProcess, startWorker } = await import('@packhouse/server');

runProcess(async () => {
  const running = await startWorker(readSettings(process.env, 'worker'));
  process.stdout.write(`The worker is ready; its health is at ${running.url}/health/ready\n`);
  return running;
});
