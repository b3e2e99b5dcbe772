import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import type { Answerer } from '@packhouse/core';
import { fakePackhouse, TEST_TENANT } from '@packhouse/nest/testing';
import request from 'supertest';
import { AppModule } from './app.module.js';
import { Library } from './library.module.js';
import { TeamGuard } from './team.guard.js';

const QUESTION = { text: 'When are refunds paid?' };

const listening = async (app: INestApplication) => {
  await app.listen(0, '127.0.0.1');
  return app;
};

describe('the app, on its embedded database', () => {
  let app: INestApplication;
  beforeAll(async () => {
    app = await listening(await NestFactory.create(AppModule, { logger: ['error'], abortOnError: false }));
  });
  afterAll(() => app.close());

  const ask = (key: string, question: object = QUESTION) =>
    request(app.getHttpServer()).post('/questions').set('x-team-key', key).send(question);
  const put = (key: string, name: string, text: string) =>
    request(app.getHttpServer()).put(`/documents/${name}`).set('x-team-key', key).send({ text }).expect(204);

  it('answers a team from its own documents, word for word, and from no other', async () => {
    await put('key-of-acme', 'refunds.md', 'Refunds are paid within ten days. Ask the harbour master for the form.');
    await put('key-of-globex', 'prices.md', 'A refund is never paid. Prices are final.');
    const acme = await ask('key-of-acme').expect(200);
    expect(acme.body.quotes).toContainEqual({ source: 'refunds.md', quote: 'Refunds are paid within ten days.' });
    expect(acme.text).not.toContain('prices.md');
    const globex = await ask('key-of-globex').expect(200);
    expect(globex.text).not.toContain('refunds.md');
  });

  it('lets nobody in whom its own guard does not', async () => {
    await ask('key-of-nobody').expect(401);
  });

  it('says what is wrong with a request', async () => {
    const { body } = await ask('key-of-acme', {}).expect(400);
    expect(body).toMatchObject({ code: 'invalid_request', detail: 'Send {"text": "..."}.' });
  });
});

describe('the app, its packs faked', () => {
  it('asks for the test tenant, with no database and no sign-in', async () => {
    const asked: string[] = [];
    const answers = (team: string): Answerer => ({
      name: 'fake',
      answer: async ({ text }) => {
        asked.push(team);
        return { text: `${text} Never.`, citations: [], usage: { inputTokens: 0, outputTokens: 0 } };
      },
      stream: async function* () {},
    });
    const testing = await fakePackhouse(Test.createTestingModule({ imports: [AppModule] }), { packs: { answers } })
      .overrideGuard(TeamGuard)
      .useValue({ canActivate: () => true })
      .overrideProvider(Library)
      .useValue({})
      .compile();
    const app = await listening(testing.createNestApplication({ logger: ['error'] }));
    const { body } = await request(app.getHttpServer()).post('/questions').send(QUESTION).expect(200);
    expect(body).toEqual({ answer: 'When are refunds paid? Never.', quotes: [] });
    expect(asked).toEqual([TEST_TENANT]);
    await app.close();
  });
});
