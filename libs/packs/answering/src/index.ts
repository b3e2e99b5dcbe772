export { extractive, type ExtractiveOptions } from './extractive.js';
export { synthesis, type SynthesisOptions } from './synthesis.js';
export { verified, verifyCitation } from './verify-citation.js';
