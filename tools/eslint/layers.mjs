// Who may import whom: strictly downwards, app -> server -> nest / adapter / pack -> core.
const below = (layer, ...lower) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: lower.map((tag) => `layer:${tag}`),
});
const ban = (layer, ...packages) => ({ sourceTag: `layer:${layer}`, bannedExternalImports: packages });

const LLAMAINDEX = ['llamaindex', '@llamaindex/*'];

export const layers = {
  enforceBuildableLibDependency: false,
  allow: [],
  // A library is loaded late for what its import costs, file by file: its light parts may be imported beside.
  checkDynamicDependenciesExceptions: ['.*'],
  depConstraints: [
    // fast-check is for specs only: no dependency of core's names it, so a source that imported it would not resolve.
    // A layer that may import nothing of ours; the empty list would mean "anything", so it names itself.
    below('core', 'core'),
    { sourceTag: 'layer:core', allowedExternalImports: ['fast-check'] },
    below('pack', 'core'),
    below('adapter', 'core'),
    below('nest', 'core'),
    below('server', 'nest', 'adapter', 'pack', 'core'),
    below('app', 'server', 'core'),
    // What a consumer of the libraries could write.
    below('example', 'nest', 'adapter', 'pack', 'core'),
    below('tool', 'server', 'nest', 'adapter', 'pack', 'core'),
    ...['pack', 'nest', 'server', 'app', 'example', 'tool'].map((layer) => ban(layer, ...LLAMAINDEX)),
  ],
};
