import { Global, Inject, Module, Scope, type FactoryProvider, type Type } from '@nestjs/common';
import { INQUIRER } from '@nestjs/core';
import { PackhouseError } from '@packhouse/core';
import { PACKS, type NamedPacks, type PackFactory } from './packs.js';

const providers: FactoryProvider[] = [];

/** The injection token of one pack, for tests that provide a class with it by hand. */
export const getPackToken = (name: string) => `packhouse.pack.${name}`;

/**
 * A constructor's parameter: the pack of this name, a `PackFactory`. The app does not start where there is none.
 *
 * @example constructor(@InjectPack('search') private readonly search: PackFactory<Retriever>) {}
 * @example constructor(@InjectPack<Packs>('search') private readonly search: Packs['search']) {} // type Packs = typeof packs
 */
export function InjectPack<Packs extends NamedPacks = NamedPacks>(name: keyof Packs & string) {
  const provide = getPackToken(name);
  if (!providers.some((known) => known.provide === provide)) providers.push(packProvider(provide, name));
  return Inject(provide);
}

/**
 * Provides what classes ask for. Nest reads a module's lists when all classes of the app are loaded, so these arrays,
 * which `InjectPack` adds to as they are, are complete by then; names that only some other app of this process asks for
 * do no harm, because a transient provider is made for those who inject it and for nobody else.
 */
@Global()
@Module({ providers, exports: providers })
export class InjectedPacksModule {}

function packProvider(provide: string, name: string): FactoryProvider {
  const useFactory = (packs: ReadonlyMap<string, PackFactory>, asking?: object) =>
    packs.get(name) ?? missing(name, packs, asking);
  return { provide, useFactory, inject: [PACKS, INQUIRER], scope: Scope.TRANSIENT };
}

/** @throws PackhouseError `invalid_request` */
function missing(name: string, packs: ReadonlyMap<string, PackFactory>, asking?: object): never {
  const who = (asking?.constructor as Type | undefined)?.name ?? 'A class';
  const known = Array.from(packs.keys(), (each) => `"${each}"`).join(', ') || 'none';
  throw new PackhouseError('invalid_request', `${who} injects the pack "${name}"; the packs are ${known}.`);
}
