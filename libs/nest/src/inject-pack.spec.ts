import { Controller, Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Retriever } from '@packhouse/core';
import { SILENT } from '../fixtures/serve.js';
import { getPackToken, InjectPack } from './inject-pack.js';
import { PackhouseModule } from './packhouse.module.js';
import type { PackFactory } from './packs.js';

const named =
  (name: string): PackFactory<Retriever> =>
  () => ({ name, retrieve: async () => [] });

const packs = { search: named('search'), deep: named('deep') };
type Packs = typeof packs;

// Made before the classes that inject: what they ask for is not known yet.
const packhouse = PackhouseModule.forRoot({ tenant: () => 'acme', packs });

@Controller()
class SearchController {
  constructor(
    @InjectPack<Packs>('search') readonly search: Packs['search'],
    @InjectPack<Packs>('deep') readonly deep: Packs['deep'],
  ) {}
}

@Injectable()
class Lost {
  constructor(@InjectPack('serach') readonly search: PackFactory) {}
}

const compile = (module: object) => Test.createTestingModule(module).setLogger(SILENT).compile();

describe('InjectPack', () => {
  it('gives a class each pack by its name', async () => {
    const testing = await compile({ imports: [packhouse], controllers: [SearchController] });
    const { search, deep } = testing.get(SearchController);
    expect([search, deep]).toEqual([packs.search, packs.deep]);
  });

  it('keeps an app from starting where there is no such pack, and says who asks and what there is', async () => {
    const starting = compile({ imports: [packhouse], providers: [Lost] });
    await expect(starting).rejects.toThrow('Lost injects the pack "serach"; the packs are "search", "deep".');
  });

  it('is no matter for an app none of whose classes asks for that pack', async () => {
    await compile({ imports: [PackhouseModule.forRoot({ tenant: () => 'acme', packs: {} })] });
  });

  it('is given by hand in a test of one class', async () => {
    const search = named('by hand');
    const providers = [Lost, { provide: getPackToken('serach'), useValue: search }];
    expect((await compile({ providers })).get(Lost).search).toBe(search);
  });

  it('knows the names at compile time where it is told the packs', () => {
    // @ts-expect-error There is no such pack.
    InjectPack<Packs>('serach');
  });
});
