import '@packhouse/server/lean-start';

const { firstSteps, readSettings, runProcess, startServer } = await import('@packhouse/server');

runProcess(async () => {
  const settings = readSettings();
  const running = await startServer(settings);
  const words = settings.production ? `Packhouse is ready at ${running.url}` : await firstSteps(running);
  process.stdout.write(`${words}\n`);
  return running;
});
