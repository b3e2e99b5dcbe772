// Says on stderr which modules a process loads.
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) process.stderr.write(`loaded ${url}\n`);
    return next(url, context);
  },
});
