export { writeTinyModel, type TinyModel } from './tiny-model.js';
