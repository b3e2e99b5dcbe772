import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { holdYoungGeneration } from './young-generation.js';

// Imported by itself and first: what is imported beside it is compiled before it runs.

/**
 * Some 1,400 modules are compiled at a start, which need not be done twice: a twelfth of its time for ten megabytes, as
 * tools/bench measures it. Kept among the packages that it is of, because who may write there may change the code anyway;
 * where nobody may, as in the image, nothing is kept, and nothing fails.
 */
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/node', import.meta.url)));
holdYoungGeneration();
