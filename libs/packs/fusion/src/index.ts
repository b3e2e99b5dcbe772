export { fuseRanks, type FuseRanksOptions } from './fuse-ranks.js';
export { fusion, type FusionOptions } from './fusion.js';
