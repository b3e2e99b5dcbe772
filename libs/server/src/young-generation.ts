import { setFlagsFromString } from 'node:v8';

/**
 * V8 doubles its space for new objects, from 1 MB to 64 MB, as often as much in it survives, and hardly ever gives it back.
 * At a start much survives, once: held small meanwhile, the process takes 25 MB less for good, and starts no later. A busy
 * process needs the space; it grows with requests. V8 reads this flag each time the space might grow.
 */
export const holdYoungGeneration = () => setFlagsFromString('--semi-space-growth-factor=1');
export const letYoungGenerationGrow = () => setFlagsFromString('--semi-space-growth-factor=2');
