// Native ES modules are not handed `jest`; the specs use it as they use `describe`.
import { jest } from '@jest/globals';
globalThis.jest = jest;
