let loading: Promise<typeof import('./analyzers.js')> | undefined;

/** The analyzers. Their stemmers are WebAssembly: loaded with the first text to be analysed, and not at every start. */
export function loadAnalyzers(): Promise<typeof import('./analyzers.js')> {
  return (loading ??= import('./analyzers.js'));
}
