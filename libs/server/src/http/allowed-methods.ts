import type { FastifyInstance } from 'fastify';

/** The methods that a path may be called by; none where there is no such path. */
export type AllowedMethods = (path: string) => string[];

/** Follows the routes as they are added, so it is called before any is. */
export function allowedMethods(fastify: FastifyInstance): AllowedMethods {
  const patterns = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  fastify.addHook('onRoute', ({ method, url }) => {
    const route = patterns.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const each of [method].flat()) route.methods.add(each);
    patterns.set(url, route);
  });
  return (path) => {
    const routes = [...patterns.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(routes.flatMap(({ methods }) => [...methods]))].sort();
  };
}

/** `:id` is one segment; our routes have no other kind of parameter. */
function patternOf(url: string): RegExp {
  const segments = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : RegExp.escape(part)));
  return new RegExp(`^${segments.join('/')}$`);
}
