// './x.js', as nodenext wants it written, is './x.ts' in our own sources. Packages are left alone.
module.exports = (path, options) => {
  const ours = path.startsWith('.') && path.endsWith('.js') && !options.basedir.includes('/node_modules/');
  if (!ours) return options.defaultResolver(path, options);
  try {
    return options.defaultResolver(`${path.slice(0, -3)}.ts`, options);
  } catch {
    return options.defaultResolver(path, options);
  }
};
